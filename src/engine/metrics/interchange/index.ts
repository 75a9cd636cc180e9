/** Runs as files, ours and other tools'. */
export { toAiperf, toAiperfAggregate } from "./aiperf-export.ts";
export { fromAiperf } from "./aiperf-import.ts";
export { toGuidellm } from "./guidellm-export.ts";
export { fromGuidellm } from "./guidellm-import.ts";
export { fromJsonl, jsonlLines, toJsonl } from "./jsonl.ts";
export { FORMAT as RUN_FORMAT, KeptRun } from "./kept-run.ts";
export { readResults, type ResultFile } from "./result-file.ts";
export type { Imported, ToolResult } from "./rows.ts";
export type { StatedMetric, StatedSummary } from "./stated.ts";
export { toVllm } from "./vllm-export.ts";
export { fromVllm, type VllmBeside } from "./vllm-import.ts";
