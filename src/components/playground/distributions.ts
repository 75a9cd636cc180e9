/** The distributions of what is shown now, what is held beside it, and what a trace's own server took. */
import { ecdf } from "../../engine/chart/ecdf.ts";
import { percentiles } from "../../engine/chart/percentiles.ts";
import type { ChartDescription } from "../../engine/chart/types.ts";
import type { Slo } from "../../engine/metrics/types.ts";
import type { Samples } from "./samples.ts";

export interface Named {
  readonly name: string;
  readonly samples: Samples;
}

/** One chart a metric that anybody has. */
export function distributions(all: readonly Named[], slo: Slo): readonly ChartDescription[] {
  const of = (metric: keyof Samples) =>
    all.map(({ name, samples }) => ({ name, values: samples[metric] })).filter(({ values }) => values.length > 0);
  const x = (label: string) => ({ label, unit: "s", scale: "log" }) as const;
  const bound = (metric: keyof Samples) => {
    const at = slo[metric];
    return at === undefined ? {} : { marks: [{ x: at, label: "objective" }] };
  };
  return [
    ...chartOf(of("ttft"), (samples) =>
      ecdf({ title: "Time to first token", x: x("TTFT"), samples, ...bound("ttft") }),
    ),
    ...chartOf(of("tpot"), (samples) =>
      ecdf({ title: "Time per output token", x: x("TPOT"), samples, ...bound("tpot") }),
    ),
    ...chartOf(of("e2e"), (samples) =>
      percentiles({ title: "End to end, by percentile", x: x("End to end"), samples }),
    ),
  ];
}

type Drawn = Parameters<typeof ecdf>[0]["samples"];

function chartOf(samples: Drawn, draw: (samples: Drawn) => ChartDescription): readonly ChartDescription[] {
  return samples.length === 0 ? [] : [draw(samples)];
}
