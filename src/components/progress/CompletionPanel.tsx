/** What a learner has proved: labs, capstone and predictions, as a sheet to print. Kept by this browser alone. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { calibration } from "../../lab/progress/calibration.ts";
import { completionOf, openWords, type Completion } from "../../lab/progress/completion.ts";
import { byId, recordId, type Records } from "../../lab/progress/tally.ts";
import { openStorage, type PredictionRecord } from "../../lab/storage.ts";
import { OneChart } from "../charts/OneChart.tsx";
import type { CoursePart } from "./course.ts";
import "./progress.css";
import "./completion.css";

const nameSetting = "completion-name";

interface Props {
  readonly parts: readonly CoursePart[];
  /** Most points that the search for the capstone's front has found. */
  readonly best: number;
  readonly links: Readonly<Record<"start" | "capstone" | "progress", string>>;
}

export default function CompletionPanel({ parts, best, links }: Props) {
  const records = useSignal<Records>(new Map());
  const predictions = useSignal<readonly PredictionRecord[]>([]);
  const name = useSignal("");
  const ready = useSignal(false);
  useEffect(() => {
    const load = async () => {
      const storage = await openStorage();
      records.value = byId(await storage.all("progress"));
      predictions.value = await storage.all("predictions");
      name.value = String((await storage.get("settings", nameSetting))?.value ?? "");
      ready.value = true;
    };
    void load();
    // Another tab may have gone on.
    const back = () => void (document.visibilityState === "visible" && load());
    document.addEventListener("visibilitychange", back);
    return () => document.removeEventListener("visibilitychange", back);
  }, []);
  const done = completionOf(parts, records.value);
  const sign = (text: string) => {
    name.value = text;
    void openStorage().then((storage) => storage.put("settings", { id: nameSetting, value: text }));
  };
  return (
    <div class="progress-page completion not-content" data-ready={ready.value ? "" : undefined}>
      <noscript>
        <p>What you have passed is kept in this browser, and shown here by JavaScript.</p>
      </noscript>
      <Standing done={done} links={links} />
      {done.begun && (
        <>
          <label class="completion-name">
            Your name, for the printed sheet. It stays in this browser.
            <input
              type="text"
              maxLength={80}
              value={name.value}
              onInput={({ currentTarget }) => sign(currentTarget.value)}
            />
          </label>
          {name.value.trim() !== "" && <p class="completion-signed">{name.value}</p>}
          <Capstone done={done} best={best} link={links.capstone} />
          <Predictions parts={parts} predictions={predictions.value} />
          <Labs parts={parts} records={records.value} />
          <p class="progress-acts needs-js">
            <button type="button" data-action="print-completion" onClick={() => print()}>
              Print this page
            </button>
            <a href={links.progress}>Everything that is kept, as a file</a>
          </p>
          <p class="completion-worth">
            Nobody has certified this. Each lab was passed on inputs drawn when Check was pressed, and anyone can run
            the same checks again.
          </p>
        </>
      )}
    </div>
  );
}

function Standing({ done, links }: { done: Completion; links: Props["links"] }) {
  if (!done.begun)
    return (
      <section id="standing" data-part="empty">
        <h2>Nothing yet</h2>
        <p>
          This page fills with what you prove: labs passed on inputs that nobody has seen, how good your predictions
          are, and what your capstone is worth. <a href={links.start}>Start part 1</a>.
        </p>
      </section>
    );
  return (
    <section id="standing" data-part={done.complete ? "complete" : "half-way"}>
      <h2>{done.complete ? "You have completed the course" : "On the way"}</h2>
      <p>
        {done.passed} of {done.labs} labs passed, {done.answered} of {done.questions} questions answered.
      </p>
      {done.open.length > 0 && (
        <>
          <p>Still open:</p>
          <ul>
            {done.open.map(({ title, labs, questions }) => (
              <li key={title}>
                {title} <span>{openWords({ labs, questions })}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Capstone({ done, best, link }: { done: Completion; best: number; link: string }) {
  const { capstone } = done;
  return (
    <section id="capstone-score">
      <h2>Capstone</h2>
      {capstone === null ? (
        <p>
          Not shipped yet. <a href={link}>Ship it within the SLO</a> asks for all of the course at once.
        </p>
      ) : (
        <p data-part="capstone-points">
          {capstone.points === null ? (
            "Shipped."
          ) : (
            <>
              <b class="completion-points">{capstone.points.toFixed(1)}</b> points of 100, on traffic nobody had seen.
              The best that a search over plans has found is {best.toFixed(1)}.
            </>
          )}{" "}
          <a href={link}>Report card</a>
        </p>
      )}
    </section>
  );
}

function Predictions({ parts, predictions }: Pick<Props, "parts"> & { predictions: readonly PredictionRecord[] }) {
  const titles = Object.fromEntries(parts.flatMap(({ labs }) => labs.map(({ id, title }) => [id, title])));
  const { judged, confidence } = calibration(predictions, titles);
  const close = judged.filter((each) => each.close).length;
  return (
    <section id="predictions">
      <h2>Predictions</h2>
      {judged.length === 0 ? (
        <p>None was made before a run yet.</p>
      ) : (
        <p>
          {close} of {judged.length} came close enough to count, each made before its lab had run.
        </p>
      )}
      {confidence !== null && <OneChart class="progress-chart" description={confidence} origin={null} />}
    </section>
  );
}

function Labs({ parts, records }: { parts: readonly CoursePart[]; records: Records }) {
  return (
    <section id="labs-passed">
      <h2>Labs</h2>
      {parts.map(({ number, title, labs }) => (
        <section key={title} class="completion-part">
          <h3>
            {number !== undefined && `${number}. `}
            {title}
          </h3>
          <ul>
            {labs.map(({ id, title: name, url }) => {
              const record = records.get(recordId.lab(id));
              const passed = record?.state === "passed";
              return (
                <li key={id} data-passed={passed ? "" : undefined}>
                  <a href={url}>{name}</a> <span>{passed ? `passed ${dayOf(record.date)}` : "open"}</span>
                </li>
              );
            })}
          </ul>
        </section>
      ))}
    </section>
  );
}

function dayOf(date: string): string {
  return new Date(date).toLocaleDateString("en-GB", { dateStyle: "medium" });
}
