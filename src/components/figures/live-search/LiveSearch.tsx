/** Measures recall against distances in the reader's browser, in a worker, and draws what came out. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { chartSvg } from "../../charts/svg.ts";
import { count, time } from "../../format.ts";
import type { SearchSeries } from "./measure.ts";
import { says, searchChart, searchReadings } from "./picture.ts";
import type { FromWorker } from "./worker.ts";

const sizes = [2000, 5000, 10_000, 20_000];

interface Props {
  readonly id: string;
  /** What the page shows until the reader measures: worked out when it was built. */
  readonly still: { readonly vectors: number; readonly series: readonly SearchSeries[] };
}

type State =
  | { readonly at: "still" | "measured" | "stopped" }
  | { readonly at: "measuring"; readonly share: number }
  | { readonly at: "failed"; readonly says: string };

export default function LiveSearch({ id, still }: Props) {
  const shown = useSignal(still);
  const size = useSignal(sizes[0]!);
  const state = useSignal<State>({ at: "still" });
  const worker = useRef<Worker | undefined>(undefined);

  const end = () => {
    worker.current?.terminate();
    worker.current = undefined;
  };
  useEffect(() => end, []);

  const measure = () => {
    const vectors = size.value;
    const fail = () => {
      end();
      state.value = {
        at: "failed",
        says: "The measurement could not be run here. Are you offline? Reload the page and try again.",
      };
    };
    state.value = { at: "measuring", share: 0 };
    const own = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    worker.current = own;
    own.onerror = fail;
    own.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (worker.current !== own) return;
      if (data.kind === "failed") fail();
      else if (data.kind === "progress") state.value = { at: "measuring", share: data.share };
      else {
        end();
        shown.value = { vectors, series: data.series };
        state.value = { at: "measured" };
      }
    };
    own.postMessage(vectors);
  };
  const stop = () => {
    end();
    state.value = { at: "stopped" };
  };

  const { vectors, series } = shown.value;
  const now = state.value;
  const measuring = now.at === "measuring";
  const chart = searchChart(vectors, series);
  const svg = (kind: "wide" | "narrow", width: number) => (
    <div
      class={`chart-${kind}`}
      dangerouslySetInnerHTML={{ __html: chartSvg(chart, { id: `${id}-${kind}`, width }) }}
    />
  );
  return (
    <div class="live" data-state={now.at}>
      <div class="live-knobs needs-js">
        <label>
          <span>Vectors in each made-up collection</span>
          <input
            type="range"
            min={0}
            max={sizes.length - 1}
            value={sizes.indexOf(size.value)}
            disabled={measuring}
            aria-valuetext={`${count(size.value)} vectors`}
            onInput={({ currentTarget }) => (size.value = sizes[Number(currentTarget.value)] ?? size.value)}
          />
          <output>{count(size.value)}</output>
        </label>
        <p>
          <button type="button" onClick={measuring ? stop : measure}>
            {measuring ? "Stop" : "Measure in my browser"}
          </button>{" "}
          {measuring && (
            <>
              <progress value={now.share} max={1} aria-label="Measured so far" /> {Math.round(100 * now.share)} %
            </>
          )}
        </p>
      </div>
      <div class="chart-static">
        {svg("wide", 720)}
        {svg("narrow", 350)}
      </div>
      <p class="live-says" aria-live="polite">
        {now.at === "failed" ? now.says : says(vectors, series)}{" "}
        {now.at === "measured" && `Measured here: looking at all of them takes ${time(series[0]!.exact)} a question.`}
        {now.at === "still" && "Counted when this page was built."}
        {now.at === "stopped" && "Stopped; the picture is the one before."}
      </p>
      {now.at === "measured" && (
        <dl class="live-readings">
          {searchReadings(series).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
