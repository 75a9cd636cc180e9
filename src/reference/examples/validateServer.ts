import { validateServer } from "perflab";

try {
  validateServer({ model: "llama-3.1-8b", gpu: "h100-sxm-80", tensorParallel: 0 });
} catch (error) {
  console.log((error as Error).message);
}
