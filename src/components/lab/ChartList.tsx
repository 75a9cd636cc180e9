/** The charts of a run, each a <perf-chart> in a place of its own: the old picture stays, greyed, until the new one is drawn over it. */
import { useEffect, useMemo, useRef } from "preact/hooks";
import { drawGuess } from "../../lab/store/draw-guess.ts";
import type { PredictionQuestion } from "../../lab/store/guess.ts";
import type { ChartSlot } from "../../lab/store/result-state.ts";
import type { PredictionRecord } from "../../lab/storage.ts";
import { inWordsOf } from "../language/in-words-of.ts";
import type { PerfChart } from "../charts/perf-chart.ts";
import { useLab, useSay } from "./lab-context.ts";

export function ChartList() {
  const { result, finished, busy, prediction } = useLab();
  const record = prediction?.locked.value ?? null;
  return (
    <div class="lab-results" data-part="results">
      {result.charts.value.map((slot) => (
        <Chart
          key={`${slot.description.kind} ${slot.description.title}`}
          slot={slot}
          question={prediction?.question}
          record={record}
          stale={!slot.fresh && finished.value?.live !== true}
          busy={busy.value}
        />
      ))}
    </div>
  );
}

interface ChartProps {
  slot: ChartSlot;
  question: PredictionQuestion | undefined;
  record: PredictionRecord | null;
  stale: boolean;
  busy: boolean;
}

function Chart({ slot, question, record, stale, busy }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<PerfChart | null>(null);
  const { origin } = slot;
  const say = useSay();
  const description = useMemo(
    () => inWordsOf(drawGuess(slot.description, question, record), say),
    [slot.description, question, record, say],
  );
  useEffect(() => {
    if (host.current === null) return;
    if (chart.current === null) {
      chart.current = document.createElement("perf-chart") as PerfChart;
      void import("../charts/perf-chart.ts");
      host.current.append(chart.current);
    }
    chart.current.dataset["kind"] = description.kind;
    upgrade(chart.current, { origin, description });
  }, [description, origin]);
  return (
    <div class="lab-chart" data-stale={stale ? "" : undefined}>
      <div ref={host} />
      {stale && !busy && <p class="lab-stale-note">{say("From the run before.")}</p>}
    </div>
  );
}

/** Sets properties once the element is defined. */
function upgrade(chart: PerfChart, properties: Pick<PerfChart, "origin" | "description">): void {
  void customElements.whenDefined("perf-chart").then(() => Object.assign(chart, properties));
}
