/** A run's charts as a lab shows them, in a page without a lab: what is described is placed by the lab's own state and list. */
import { signal } from "@preact/signals";
import { render } from "preact";
import "../../src/components/charts/charts.css";
import "../../src/components/charts/perf-chart.ts";
import { ChartList } from "../../src/components/lab/ChartList.tsx";
import { LabContext } from "../../src/components/lab/lab-context.ts";
import * as describeChart from "../../src/engine/chart/index.ts";
import type { ChartDescription } from "../../src/engine/chart/types.ts";
import type { LabStore } from "../../src/lab/store/lab-store.ts";
import { ResultState } from "../../src/lab/store/result-state.ts";

const result = new ResultState();
const store = {
  setup: {},
  result,
  finished: signal(null),
  busy: signal(false),
  prediction: null,
} as unknown as LabStore;

/** What the page's scripts reach for. */
const harness = {
  describeChart,
  placeChart: (description: ChartDescription): void => result.chart(description, { kind: "calculated" }),
  clearCharts: (): void => {
    result.begin();
    result.end(true);
  },
};
export type ChartHarness = typeof harness;
Object.assign(globalThis, harness);

render(
  <LabContext.Provider value={store}>
    <ChartList />
  </LabContext.Provider>,
  document.querySelector("#charts")!,
);
