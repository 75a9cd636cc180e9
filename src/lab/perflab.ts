/** What `import … from "perflab"` gives a lab: the engine's public face, and what the lab binds to the page. */
export * from "../engine/index.ts";
export {
  benchmark,
  buildIndex,
  decodeStep,
  estimate,
  memoryBudget,
  openStream,
  param,
  prefillStep,
  seed,
  simulate,
  trace,
} from "./bound.ts";
export { chart } from "./charts.ts";
export type { StreamShape } from "./simulated-stream.ts";
