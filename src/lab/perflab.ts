/** What `import … from "perflab"` gives a lab: the engine's public face, and what the lab binds to the page. */
import { onNote } from "../engine/notes.ts";

// The engine's remarks stand in the lab's console, beside the line that made them.
onNote((text) => console.warn(text));

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
  ragPipeline,
  seed,
  simulate,
  trace,
} from "./bound.ts";
export { chart } from "./charts.ts";
export type { StreamShape } from "./simulated-stream.ts";
