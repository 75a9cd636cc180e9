/** Real vLLM runs beside their simulation: what the build wrote, and its distribution functions. */
import { ecdf } from "../../engine/chart/ecdf.ts";
import type { ChartDescription } from "../../engine/chart/types.ts";

interface SignedErrors {
  readonly ttftMean: number;
  readonly ttftP99: number;
  readonly tpotMean: number;
  readonly e2eMean: number;
}
interface Columns {
  readonly ttft: readonly number[];
  readonly tpot: readonly number[];
}

/** Seconds of the requests after the first `head`; errors are signed shares. */
export type ReplayFile = readonly {
  readonly folder: string;
  readonly server: { readonly model: string; readonly gpu: string; readonly version: string };
  readonly head: number;
  readonly fitted: SignedErrors;
  readonly transferred: SignedErrors;
  readonly times: Readonly<Record<"measured" | "fitted" | "transferred", Columns>>;
}[];

/** The three distributions of one figure, overlaid. */
export function replayChart(run: ReplayFile[number], figure: keyof Columns): ChartDescription {
  const name = { ttft: "TTFT", tpot: "TPOT" }[figure];
  return ecdf({
    title: `${name} of ${run.times.measured[figure].length} requests on ${run.server.gpu}, real and simulated`,
    x: { label: name, unit: "s", ...(figure === "ttft" && { scale: "log" }) },
    samples: [
      { name: "measured", values: run.times.measured[figure] },
      { name: "predicted without seeing it", values: run.times.transferred[figure] },
      { name: `host constants from the first ${run.head}`, values: run.times.fitted[figure] },
    ],
  });
}
