/** @jsxImportSource preact */
/** Under `npm run dev`, below each lab: what its starter, solution and wrong answers do, proved in this very tab. Never part of a built site. */
import { useSignal } from "@preact/signals";
import { render } from "preact";
import { CompileClient } from "../../lab/compile/client.ts";
import { fetchTrace } from "../../lab/fetch-trace.ts";
import { faultLine, type Fault } from "../../lab/fault.ts";
import { readLab } from "../../lab/lab-sources.ts";
import { pageSandbox } from "../../lab/page-services.ts";
import { proveLab, type Attempt, type LabReport } from "../../lab/prove.ts";
import { moduleExports } from "../../lab/runtime.ts";
import { someSeeds } from "../../lab/seeds.ts";
import type { LabUrls } from "../../lab/setup.ts";
import { tracesOf } from "../../lab/traces.ts";
import { runTrial } from "../../lab/trial.ts";
import type { LabSection } from "../lab/LabSurface.tsx";
import "./author-panel.css";

/** As saved: Vite reloads the page when one of them changes. */
const files = import.meta.glob<string>("/labs/*/*.{ts,yaml}", { query: "?raw", import: "default" });
const seeds = someSeeds(5);

interface Proof {
  readonly report: LabReport | null;
  readonly faults: readonly Fault[];
  /** Seconds. */
  readonly took: number;
}

async function prove(id: string, urls: LabUrls): Promise<Proof> {
  const began = performance.now();
  const texts = await Promise.all(
    Object.entries(files).flatMap(([path, load]) => {
      const [, folder, file = ""] = /^\/labs\/([^/]+)\/(.+)$/.exec(path) ?? [];
      return folder === id ? [load().then((text) => [file, text] as const)] : [];
    }),
  );
  if (texts.length === 0)
    throw new Error(`The files of this lab are outside labs/. \`npm run check:labs -- ${id}\` proves it.`);
  const { sources, faults } = readLab(id, (file) => texts.find(([name]) => name === file)?.[1]);
  if (sources === undefined) return { report: null, faults, took: (performance.now() - began) / 1000 };
  const compiler = new CompileClient({ worker: urls.compileWorker, wasm: urls.compileWasm }, moduleExports);
  const report = await proveLab(
    sources,
    {
      async compile(file, code) {
        const result = await compiler.compile({ ...sources.files, "main.ts": code });
        if (result.ok) return { compiled: result.compiled };
        return {
          faults: result.problems.map(({ file: where, line, column, text }) => ({
            file: `labs/${id}/${where === "main.ts" ? file : where}`,
            line,
            column: column + 1,
            says: text,
          })),
        };
      },
      async run(job) {
        const shipped = urls.traces ?? {};
        const names = tracesOf(sources.definition.traces, `${job.code}\n${job.checks ?? ""}`, Object.keys(shipped));
        const traces = await Promise.all(names.map((name) => fetchTrace(name, shipped[name]!)));
        return runTrial(pageSandbox(urls), { ...job, traces });
      },
    },
    { seeds, mutants: null, everyMutant: false },
  ).finally(() => compiler.dispose());
  return { report, faults: [...faults, ...report.faults], took: (performance.now() - began) / 1000 };
}

function AuthorPanel({ section }: { section: LabSection }) {
  const id = section.dataset["lab"] ?? "";
  const proof = useSignal<Proof | "running" | Error | null>(null);
  const run = () => {
    const urls = section.store?.setup.urls;
    if (urls === undefined) {
      proof.value = new Error("The lab above is not ready yet. Scroll to it, then try again.");
      return;
    }
    proof.value = "running";
    prove(id, urls).then(
      (done) => (proof.value = done),
      (error: unknown) => (proof.value = error instanceof Error ? error : new Error(String(error))),
    );
  };
  const now = proof.value;
  return (
    <details class="author-panel not-content">
      <summary>For the author of labs/{id}</summary>
      <p>
        <button type="button" data-action="prove" onClick={run} disabled={now === "running"}>
          {now === "running" ? "Running…" : `Prove on ${seeds.length} seeds`}
        </button>{" "}
        Runs starter, solution and wrong answers here. <code>npm run check:labs -- {id}</code> takes 40 seeds, and also
        changes the solution to see whether the checks notice.
      </p>
      {now instanceof Error && <p role="alert">{now.message}</p>}
      {now !== null && now !== "running" && !(now instanceof Error) && <Outcome {...now} />}
    </details>
  );
}

function Outcome({ report, faults, took }: Proof) {
  return (
    <div role="status" data-part="proof">
      {faults.length === 0 ? (
        <p class="author-good">Proved in {took.toFixed(1)} s: nothing is wrong with it.</p>
      ) : (
        <ul class="author-bad">
          {faults.map((fault) => (
            <li key={faultLine(fault)}>{faultLine(fault)}</li>
          ))}
        </ul>
      )}
      {report?.notes.map((note) => (
        <p key={faultLine(note)}>{faultLine(note)}</p>
      ))}
      {report !== null && report.checks.length > 0 && (
        <>
          <p>
            The solution: {report.solution.seeds} seeds, {report.solution.seconds.toFixed(2)} s a run,{" "}
            {report.solution.charts} charts, {Math.ceil(report.solution.bytes / 1000)} kB of output
            {report.answer === null ? "" : `; the prediction’s answer is ${report.answer.toPrecision(4)}`}.
          </p>
          <Answers checks={report.checks} answers={[{ ...report.starter, name: "the starter" }, ...report.wrong]} />
        </>
      )}
    </div>
  );
}

/** Which check fails which answer, and what the learner is told. */
function Answers({ checks, answers }: { checks: readonly string[]; answers: readonly Attempt[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Answer</th>
          <th scope="col">Fails</th>
          <th scope="col">Is told</th>
        </tr>
      </thead>
      <tbody>
        {answers.map(({ name, failed, said }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{failed.map((check) => checks.indexOf(check) + 1).join(", ") || "none"}</td>
            <td>{said}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

for (const section of document.querySelectorAll<LabSection>(".lab[data-lab]")) {
  const host = document.createElement("div");
  // Beside the island: what stands inside it is the lab's own.
  (section.closest("astro-island") ?? section).after(host);
  render(<AuthorPanel section={section} />, host);
}
