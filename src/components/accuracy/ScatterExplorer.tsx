/** Predicted against measured, to filter and to point at: the row behind each point, and its source. */
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { PerfChart } from "../charts/perf-chart.ts";
import { percent } from "../format.ts";
import "./accuracy.css";
import { Choice, optionsOf } from "./Choice.tsx";
import { errorOf, medianOf, type Measurement } from "./measurements.ts";
import { RowFacts } from "./RowFacts.tsx";
import { colourings, scatterOf, type Colouring } from "./scatter-chart.ts";
import { useChoices, useMeasurements } from "./use-measurements.ts";
import { quantities } from "./words.ts";

const defaults = { show: "tpot", by: "family", gpu: "", model: "", engine: "", publisher: "" };
const filters = ["gpu", "model", "engine", "publisher"] as const;
const all = { gpu: "all GPUs", model: "all models", engine: "all engines", publisher: "all publishers" };

interface Props {
  /** Where the measurements are. */
  readonly address: string;
  /** The picture until they have come. */
  readonly children?: ComponentChildren;
}

export default function ScatterExplorer({ address, children }: Props) {
  const { rows, problem } = useMeasurements(address);
  const [choices, choose] = useChoices(defaults);
  const [read, setRead] = useState<Measurement | null>(null);
  const host = useRef<HTMLDivElement>(null);
  const quantity = quantities.find(({ id }) => id === choices.show) ?? quantities[0]!;
  const by = (choices.by in colourings ? choices.by : "family") as Colouring;
  const own = useMemo(() => (rows ?? []).filter((row) => quantity.holds(row)), [rows, quantity]);
  const chosen = useMemo(
    () => own.filter((row) => filters.every((name) => choices[name] === "" || row[name] === choices[name])),
    [own, choices],
  );
  const scattered = useMemo(() => scatterOf(chosen, quantity, by), [chosen, quantity, by]);

  useEffect(() => {
    const box = host.current;
    if (box === null || scattered === undefined) return;
    let gone = false;
    void import("../charts/perf-chart.ts").then(() => {
      if (gone) return;
      const chart = box.querySelector<PerfChart>("perf-chart") ?? (document.createElement("perf-chart") as PerfChart);
      Object.assign(chart, { origin: { kind: "measured" }, description: scattered.chart });
      if (!chart.isConnected) box.replaceChildren(chart);
    });
    const onRead = (event: Event) => {
      const spot = (event as CustomEvent<{ row: number; i: number } | null>).detail;
      const found = spot && scattered.rowAt(spot.row, spot.i);
      // What was read stays, so that its link can be reached.
      if (found) setRead(found);
    };
    box.addEventListener("chart-read", onRead);
    return () => {
      gone = true;
      box.removeEventListener("chart-read", onRead);
    };
  }, [scattered]);

  if (rows === null)
    return (
      <div class="accuracy-explorer not-content" data-state={problem === null ? "loading" : "failed"}>
        {problem !== null && <p role="alert">{problem}</p>}
        {children}
      </div>
    );
  const errors = medianOf(chosen.map(errorOf));
  return (
    <div class="accuracy-explorer not-content" data-state="ready">
      <div class="choices">
        <Choice
          label="Figure"
          value={quantity.id}
          options={quantities.map(({ id, name }) => [id, name])}
          onChoose={(show) => choose({ show })}
        />
        <Choice
          label="Colour by"
          value={by}
          options={Object.entries(colourings)}
          onChoose={(colouring) => choose({ by: colouring })}
        />
        {filters.map((name) => (
          <Choice
            key={name}
            label={{ gpu: "GPU", model: "Model", engine: "Engine", publisher: "Publisher" }[name]}
            value={choices[name]}
            options={optionsOf(
              own.filter((row) => filters.every((f) => f === name || choices[f] === "" || row[f] === choices[f])),
              (row) => row[name],
              all[name],
            )}
            onChoose={(value) => choose({ [name]: value })}
          />
        ))}
      </div>
      <p class="chosen" role="status">
        {chosen.length.toLocaleString("en-GB")} of {own.length.toLocaleString("en-GB")} measurements of {quantity.name}
        {!Number.isNaN(errors) && (
          <>
            {": "}median error <strong>{percent(errors)}</strong>. The fit has seen these rows; the tables below leave
            rows out.
          </>
        )}
      </p>
      {scattered === undefined ? (
        <p class="nothing">
          No measurement fits all of these.{" "}
          <button type="button" onClick={() => choose({ gpu: "", model: "", engine: "", publisher: "" })}>
            Show all
          </button>
        </p>
      ) : (
        <div ref={host} />
      )}
      <div class="read" data-empty={read === null ? "" : undefined}>
        {read === null ? (
          <p>
            Point at a measurement, or go through them with the arrow keys, to see what was run and where it was
            published.
          </p>
        ) : (
          <RowFacts row={read} />
        )}
      </div>
    </div>
  );
}
