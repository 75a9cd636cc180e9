/** Charts as data: one function a kind, each from what a lab gives to what a renderer draws. */
export { bars } from "./bars.ts";
export { blocks } from "./blocks.ts";
export { overlay, withMark, type NamedChart } from "./combine.ts";
export { ecdf } from "./ecdf.ts";
export { gantt } from "./gantt.ts";
export { heatmap } from "./heatmap.ts";
export { histogram } from "./histogram.ts";
export { line } from "./line.ts";
export { percentiles } from "./percentiles.ts";
export { scatter } from "./scatter.ts";
export { table } from "./table.ts";
export { timeline } from "./timeline.ts";
export { waterfall } from "./waterfall.ts";
export type * from "./types.ts";
