/** The cost and latency estimator: an API and GPUs of one's own, for the same requests, side by side. */
import { useEffect, useMemo } from "preact/hooks";
import { listed } from "../../engine/chart/format.ts";
import FinderPanel from "../finder/FinderPanel.tsx";
import { fieldsOf, requestOf } from "../finder/request.ts";
import { Button } from "../lab/Button.tsx";
import "../lab/lab.css";
import { onHashChange } from "../tools/hash-state.ts";
import { TakeAway } from "../tools/TakeAway.tsx";
import "../tools/tools.css";
import type { Answer } from "./answer.ts";
import { ApiPanel } from "./ApiPanel.tsx";
import { BreakEvenPanel } from "./BreakEvenPanel.tsx";
import { ComparePanel } from "./ComparePanel.tsx";
import { CostPanel } from "./CostPanel.tsx";
import { DayPanel } from "./DayPanel.tsx";
import "./estimator.css";
import { EstimatorState } from "./estimator-state.ts";
import { examples } from "./examples.ts";
import { labCode } from "./lab-code.ts";
import { labels } from "./labels.ts";
import { LatencyPanel } from "./LatencyPanel.tsx";
import { MemoryPanel } from "./MemoryPanel.tsx";
import { Notes } from "./Notes.tsx";
import { OwnPanel } from "./OwnPanel.tsx";
import { resultRows, resultsToCsv, resultsToJson, titlesOf } from "./results.ts";
import { TornadoPanel } from "./TornadoPanel.tsx";
import { count } from "./words.ts";
import { WorkloadPanel } from "./WorkloadPanel.tsx";

const modes = [
  ["both", "Both"],
  ["api", "API"],
  ["own", "Own GPUs"],
] as const;

export default function EstimatorTool() {
  const state = useMemo(() => new EstimatorState(), []);
  useEffect(() => {
    void state.restore();
    return onHashChange(() => void state.restore());
  }, [state]);
  const { mode } = state.typed.value;
  return (
    <div class="lab tool est not-content" data-tool="estimator" data-ready={state.answer.value ? "" : undefined}>
      <div class="est-top print:hidden">
        <p class="tool-examples">
          <span class="lab-muted">Examples, made up: </span>
          {examples.map(({ id, title, shows }) => (
            <Button key={id} action={`example-${id}`} label={`${title}: ${shows}`} onPress={() => state.example(id)}>
              {title}
            </Button>
          ))}
          {!state.empty.value && (
            <Button action="clear" onPress={() => state.clear()}>
              Clear
            </Button>
          )}
        </p>
        <div class="est-modes" role="group" aria-label="What is estimated">
          {modes.map(([id, title]) => (
            <Button
              key={id}
              kind="plain"
              action={`mode-${id}`}
              pressed={mode === id}
              onPress={() => state.set({ mode: id })}
            >
              {title}
            </Button>
          ))}
        </div>
      </div>
      <div class="est-columns">
        <div class="est-inputs">
          <WorkloadPanel state={state} />
          {mode !== "own" && <ApiPanel state={state} />}
          {mode !== "api" && <OwnPanel state={state} />}
        </div>
        <div class="est-results">
          <Results state={state} />
        </div>
      </div>
      {mode !== "api" && !state.empty.value && state.problem.value === null && state.answer.value && (
        <Finder state={state} told={state.answer.value} />
      )}
    </div>
  );
}

function Results({ state }: { readonly state: EstimatorState }) {
  const told = state.answer.value;
  const { missing, problems } = state.read.value;
  const wrong = Object.keys(problems).length > 0;
  if (state.problem.value !== null)
    return (
      <p class="lab-problem" role="alert" data-part="problem">
        {state.problem.value}
      </p>
    );
  if (state.empty.value)
    return (
      <p data-part="empty">
        Say how many tokens go into a request and come out of it, and how many calls a day you expect; or press one of
        the examples. You get the bill of an API and of your own GPUs, latencies, and what limits them.
      </p>
    );
  return (
    <>
      {missing.length > 0 && (
        <p data-part="missing">Still needed: {listed([...new Set(missing)].map((name) => labels[name] ?? name))}.</p>
      )}
      {wrong && <p class="tool-problem">A field needs another value; what is wrong stands beside it.</p>}
      {told && (
        <>
          <p class="est-given">
            {listed(titlesOf(told.plan))}, for {count(told.plan.load.callsPerDay)} requests a day of{" "}
            {count(told.plan.load.promptMean)} tokens in and {count(told.plan.load.outputMean)} out, in the mean.
          </p>
          <CostPanel told={told} />
          <Away state={state} told={told} />
          <LatencyPanel state={state} told={told} />
          {told.plan.own && told.own && (
            <>
              <MemoryPanel plan={told.plan.own} load={told.plan.load} told={told.own} />
              <DayPanel plan={told.plan.own} load={told.plan.load} told={told.own} />
            </>
          )}
          <BreakEvenPanel told={told} simulated={typeof state.refined.value?.safe === "number"} />
          <TornadoPanel plan={told.plan} />
          <Notes told={told} />
          <ComparePanel state={state} told={told} />
        </>
      )}
    </>
  );
}

function Finder({ state, told: { plan } }: { readonly state: EstimatorState; readonly told: Answer }) {
  const { model } = state.typed.value;
  const { load, objective, own } = plan;
  const request = useMemo(
    () => own && requestOf(load, objective, own, model === "config" ? undefined : model, state.today),
    [plan],
  );
  return (
    <FinderPanel
      request={request}
      text={state.finder.value}
      remember={(text) => state.setFinder(text)}
      use={(row) => state.set(fieldsOf(row))}
    />
  );
}

function Away({ state, told }: { readonly state: EstimatorState; readonly told: Answer }) {
  const typed = state.typed.value;
  const rows = () => resultRows(told, state.refined.value);
  return (
    <TakeAway
      stem="estimate"
      csv={() => resultsToCsv(rows())}
      json={() => resultsToJson(typed, told, rows())}
      linkLacks={state.linkLacks.value}
      code={() => labCode(told, typed.model === "config" ? typed.config : "")}
    />
  );
}
