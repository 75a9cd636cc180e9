/** Runs as files, ours and other tools'. */
export { fromAiperf, toAiperf, toAiperfAggregate } from "./aiperf.ts";
export { fromGuidellm, toGuidellm } from "./guidellm.ts";
export { fromJsonl, toJsonl } from "./jsonl.ts";
export type { Imported } from "./rows.ts";
export { toVllm } from "./vllm-export.ts";
export { fromVllm, type VllmBeside } from "./vllm-import.ts";
