/** The public face of the engine: what `import … from "perflab"` gives. Nothing else is public. */

// ── the nouns ──
export { chunkKinds, statuses, tokenSources } from "./run.ts";
export { InputError } from "./errors.ts";

// ── metrics ──
export { distribution } from "./metrics/distribution.ts";
export { goodput } from "./metrics/goodput.ts";
export { percentile } from "./metrics/percentile.ts";
export { percentileInterval, percentileRanks } from "./metrics/percentile-interval.ts";
export { summarize } from "./metrics/summarize.ts";
