import { gpu, InputError } from "perflab";

try {
  gpu("h100");
} catch (error) {
  if (error instanceof InputError) console.log(error.message);
}
