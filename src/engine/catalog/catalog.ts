/** Everything the catalogue holds. */
import { gpus } from "./gpu.ts";
import { shippedTraces } from "../workload/traces/names.ts";
import { models } from "./model.ts";
import { gpuPrices, prices } from "./price.ts";

export const catalog = Object.freeze({ models, gpus, prices, gpuPrices, traces: shippedTraces });
