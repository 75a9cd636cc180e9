import { catalog } from "perflab";

console.log(catalog.models.length, "models,", catalog.gpus.length, "GPUs; traces:", catalog.traces.join(", "));
