/** The endpoint doctor: an endpoint examined by URL, and its start command and metrics page read where it can't be reached. */
import { useEffect, useMemo } from "preact/hooks";
import { useEndpointWorker } from "../../endpoint/target.ts";
import { Button } from "../lab/Button.tsx";
import { EndpointFields } from "../lab/EndpointFields.tsx";
import { FindingList } from "../lab/FindingList.tsx";
import "../lab/lab.css";
import { saveFile } from "../save-file.ts";
import "../tools/tools.css";
import { DoctorState } from "./doctor-state.ts";
import { exampleCommand, exampleMetrics } from "./examples.ts";
import { nextStep } from "./next-step.ts";
import { PasteBox } from "./PasteBox.tsx";
import { reportJson, reportText } from "./report-text.ts";
import "./doctor.css";

export default function DoctorTool({ endpointWorker }: { readonly endpointWorker: string | undefined }) {
  const state = useMemo(() => new DoctorState(), []);
  useEffect(() => {
    if (endpointWorker !== undefined) useEndpointWorker(endpointWorker);
    void state.restore();
  }, [state, endpointWorker]);
  const { form } = state;
  const start = state.start.value;
  const metrics = state.metrics.value;
  return (
    <div class="lab tool doctor not-content" data-tool="doctor" data-alive={state.alive.value ? "" : undefined}>
      <h2 id="endpoint">The endpoint</h2>
      <div class="print:hidden">
        <EndpointFields form={form} examines={false} />
        <p class="tool-ways">
          <Button kind="main" action="examine" unusable={state.asking.value} onPress={() => void state.examine()}>
            Examine
          </Button>
          <span class="lab-muted">
            Sends three small requests. The key is not kept. Links and reports leave out keys, addresses, names of
            machines and paths; look one through before you pass it on.
          </span>
        </p>
      </div>
      <Found state={state} />

      <h2 id="start">How it was started</h2>
      <PasteBox
        label="The start command"
        name="command"
        rows={4}
        placeholder="vllm serve MODEL --max-num-seqs 256 …"
        value={state.command.value}
        onChange={(text) => state.setCommand(text)}
        example={{ text: exampleCommand, title: "Try an example" }}
      />
      {start ? (
        <section data-part="start">
          {start.server !== "unknown" && (
            <p>
              {names[start.server] ?? start.server}
              {start.model !== undefined && `, as the model ${start.model}`}. On its own machine it answers at{" "}
              <code>{start.baseUrl}</code>.
            </p>
          )}
          {start.findings.length === 0 ? (
            <p>Nothing in it stands in the way of a measurement.</p>
          ) : (
            <FindingList findings={start.findings} />
          )}
        </section>
      ) : (
        <p class="lab-muted" data-part="no-start">
          Of vLLM, SGLang, llama.cpp, Ollama or TensorRT-LLM, docker run and all: you learn where it listens, who may
          read it, and which options spoil a measurement.
        </p>
      )}

      <h2 id="metrics">What it says of itself</h2>
      <PasteBox
        label="The text of its /metrics page"
        name="metrics"
        rows={4}
        placeholder={"curl http://127.0.0.1:8000/metrics\nvllm:num_requests_running{…} 64"}
        value={state.metricsText.value}
        problem={state.metricsProblem.value}
        onChange={(text) => state.setMetrics(text)}
        example={{ text: exampleMetrics, title: "Try an example" }}
      />
      {metrics ? (
        <section data-part="metrics">
          <p>{factsOf(metrics)}</p>
          <FindingList findings={metrics.findings} />
        </section>
      ) : (
        <p class="lab-muted">
          Taken while it is under load: you learn whether requests wait for places or for memory, and whether it
          preempts.
        </p>
      )}

      <TakeReport state={state} />
    </div>
  );
}

const names: Readonly<Record<string, string>> = {
  vllm: "vLLM",
  sglang: "SGLang",
  llamacpp: "llama.cpp",
  ollama: "Ollama",
  trtllm: "TensorRT-LLM",
};

function Found({ state }: { state: DoctorState }) {
  const { findings, url } = state.form;
  const of = findings.value;
  if (of === null)
    return <p class="lab-muted">Give its base URL and press Examine: what is wrong, why, and what to change.</p>;
  if (typeof of === "string")
    return (
      <p role="status" data-part="found">
        {of}
      </p>
    );
  const next = nextStep(of, url.value);
  return (
    <section data-part="found" role="status" data-usable={of.usable ? "" : undefined}>
      <p>
        <b>{of.usable ? "This endpoint can be measured." : "This endpoint can’t be measured as it is."}</b>{" "}
        {of.server !== "unknown" && `It is ${names[of.server] ?? of.server}. `}
        {of.model !== "" && of.usable && `Asked as ${of.model}.`}
      </p>
      <FindingList findings={of.findings} />
      {!of.usable && of.models.length > 0 && of.findings.some(({ id }) => id === "model-not-found") && (
        <p>It lists: {of.models.join(", ")}.</p>
      )}
      {next && (
        <div data-part="next">
          <p>{next.why} Then:</p>
          <ol>
            {next.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </div>
      )}
    </section>
  );
}

function factsOf({
  server,
  running,
  waiting,
  kv,
  kvBlocks,
  means,
}: NonNullable<DoctorState["metrics"]["value"]>): string {
  const ms = (seconds: number) => `${Number((seconds * 1000).toPrecision(3)).toLocaleString("en-GB")} ms`;
  const parts = [
    running === undefined ? "" : `${running} running`,
    waiting === undefined ? "" : `${waiting} waiting`,
    kv === undefined ? "" : `${Number((kv * 100).toPrecision(2))} % of the KV cache in use`,
    kvBlocks === undefined ? "" : `${kvBlocks.toLocaleString("en-GB")} KV blocks`,
    ...(["ttft", "queue", "itl", "e2e"] as const).map((name) =>
      means[name] === undefined
        ? ""
        : `mean ${{ ttft: "TTFT", queue: "time in the queue", itl: "ITL", e2e: "E2E" }[name]} since its start ${ms(means[name])}`,
    ),
  ].filter((part) => part !== "");
  return `${names[server] ?? server}: ${parts.join(", ")}.`;
}

function TakeReport({ state }: { state: DoctorState }) {
  const examined = state.examined.value;
  if (!examined.endpoint && !examined.start && !examined.metrics) return null;
  const copy = async () => {
    state.said.value = await navigator.clipboard.writeText(reportText(examined)).then(
      () => "The report is copied.",
      () => "The browser did not allow copying: save it instead.",
    );
  };
  return (
    <p class="tool-away print:hidden" data-part="away">
      <Button kind="plain" action="copy" onPress={() => void copy()}>
        Copy the report
      </Button>
      <Button action="markdown" onPress={() => saveFile("doctor.md", reportText(examined), "text/markdown")}>
        Save as text
      </Button>
      <Button
        action="json"
        onPress={() => saveFile("doctor.json", JSON.stringify(reportJson(examined), null, 1), "application/json")}
      >
        JSON
      </Button>
      <Button action="print" onPress={() => print()}>
        Print
      </Button>
      <span role="status">{state.said.value}</span>
    </p>
  );
}
