/** The charts of a run, each a <perf-chart>. */
export { placeChart as addChart } from "../charts/chart-list.ts";
