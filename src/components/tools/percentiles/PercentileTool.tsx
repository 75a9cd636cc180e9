/** The latency percentile analyser: data in, what they are worth out. Nothing leaves the page. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { examples } from "../../../engine/percentiles/examples.ts";
import { defaults, metricLabel, type Metric } from "../../../engine/percentiles/settings.ts";
import { OneChart } from "../../charts/OneChart.tsx";
import { Button } from "../../lab/Button.tsx";
import "../../lab/lab.css";
import { Choice } from "../Field.tsx";
import { onHashChange } from "../hash-state.ts";
import { NumberField } from "../NumberField.tsx";
import { TakeAway } from "../TakeAway.tsx";
import { Working } from "../Working.tsx";
import "../tools.css";
import { AnalyserState } from "./analyser-state.ts";
import { Columns } from "./Columns.tsx";
import { Differences, Merged, Tails } from "./Comparisons.tsx";
import { DataBox } from "./DataBox.tsx";
import { methods } from "./settings-hash.ts";
import { StatisticsTable } from "./StatisticsTable.tsx";
import { analysisToCsv, analysisToJson, labCode } from "./take-away.ts";

const origin = { kind: "calculated" } as const;
const toolFields = new Set(["the calls of a task", "the percentile of the second request", "the expected interval", "warm-up requests"]);

export default function PercentileTool() {
  const state = useMemo(() => new AnalyserState(), []);
  const [alive, setAlive] = useState(false);
  useEffect(() => {
    setAlive(true);
    void state.restore();
    return onHashChange(() => void state.restore());
  }, [state]);
  const analysis = state.analysis.value;
  const given = state.given.a.value;
  const problem = state.problem.value;
  const atField = problem !== null && (toolFields.has(problem.field) || problem.field.startsWith("the bound on"));
  return (
    <div class="lab tool not-content" data-tool="percentiles" data-alive={alive ? "" : undefined} data-ready={analysis ? "" : undefined}>
      <div class="tool-inputs print:hidden">
        <DataBox state={state} slot="a" />
        {given && <DataBox state={state} slot="b" />}
        <p class="lab-muted">Everything is worked out in this page. Nothing you paste or drop is sent anywhere.</p>
        <p class="tool-examples">
          <span class="lab-muted">Examples, made up: </span>
          {examples.map(({ id, title, shows }) => (
            <Button key={id} action={`example-${id}`} label={`${title}: ${shows}`} onPress={() => void state.example(id)}>
              {title}
            </Button>
          ))}
        </p>
      </div>
      <Reading state={state} />
      {problem !== null && !atField && (
        <p class="lab-problem" role="alert" data-part="problem">
          {problem.text}.
        </p>
      )}
      {!given && !problem && (
        <p data-part="empty">
          Give it at least a few hundred latencies: one a line, a table with a row a request, or what vLLM, SGLang, AIPerf,
          GuideLLM, inference-perf, llmperf, k6, Locust, wrk2 or HdrHistogram wrote. Or press one of the examples.
        </p>
      )}
      <Columns state={state} slot="a" />
      {state.given.b.value && <Columns state={state} slot="b" />}
      {analysis && (
        <>
          <Options state={state} />
          <StatisticsTable analysis={analysis} />
          <TakeAway
            stem="percentiles"
            csv={() => analysisToCsv(analysis)}
            json={() => analysisToJson(analysis, state.settings.value)}
            linkLacks={state.linkLacks.value}
            code={() => labCode(analysis)}
          />
          <div class="tool-charts">
            {analysis.charts.map((chart) => (
              <OneChart key={`${chart.kind} ${chart.title}`} class="lab-chart" description={chart} origin={origin} />
            ))}
          </div>
          <Differences analysis={analysis} />
          <Merged analysis={analysis} />
          <Tails analysis={analysis} state={state} />
        </>
      )}
    </div>
  );
}

function Reading({ state }: { state: AnalyserState }) {
  const share = state.progress.value;
  return (
    <div class="tool-reading" role="status" data-part="reading">
      {share !== null && (
        <Working what="Reading" share={share} percent onStop={() => state.stop()} />
      )}
    </div>
  );
}

function Options({ state }: { state: AnalyserState }) {
  const settings = state.settings.value;
  const { metric, metrics } = state.analysis.value!;
  const problem = state.problem.value;
  const at = (field: string) => (problem?.field === field ? problem.text : null);
  const ms = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1000);
  const seconds = (value: number | undefined) => (value === undefined ? undefined : value / 1000);
  const bound = (name: "ttft" | "tpot" | "e2e") => {
    const known = metrics.includes(name) || (name === "e2e" && metrics.includes("latency"));
    if (!known && settings.slo[name] === undefined) return null;
    return (
      <NumberField
        label={`Objective: ${metricLabel[name]} at most`}
        unit="ms"
        typedUnit="ms"
        name={`slo-${name}`}
        value={ms(settings.slo[name])}
        problem={at(`the bound on ${metricLabel[name]}`)}
        onChange={(typed) => {
          const { [name]: _, ...others } = settings.slo;
          const value = seconds(typed);
          state.set({ slo: value === undefined ? others : { ...others, [name]: value } });
        }}
      />
    );
  };
  return (
    <div class="tool-options" role="group" aria-label="What is shown">
      {metrics.length > 1 && (
        <Choice<Metric>
          label="Metric"
          name="metric"
          value={metric}
          options={metrics.map((each) => [each, metricLabel[each]])}
          onChange={(value) => state.set({ metric: value })}
        />
      )}
      <Choice
        label="Percentile method"
        name="method"
        value={settings.method}
        options={methods}
        onChange={(method) => state.set({ method })}
      />
      <NumberField
        label="Warm-up, left out"
        unit="requests"
        name="warmup"
        value={settings.warmup}
        problem={at("warm-up requests")}
        onChange={(value) => state.set({ warmup: value ?? defaults.warmup })}
      />
      <NumberField
        label="Client meant to send every"
        unit="ms; corrects omission"
        typedUnit="ms"
        name="interval"
        placeholder="no correction"
        value={ms(settings.interval)}
        problem={at("the expected interval")}
        onChange={(value) => state.set({ interval: seconds(value) } as { interval?: number })}
      />
      {bound("ttft")}
      {bound("tpot")}
      {bound("e2e")}
    </div>
  );
}
