/** Is my server slow? A form for one's own point, and where it lies beside the prediction and its neighbours. */
import { useMemo, useState } from "preact/hooks";
import type { Run } from "../../engine/run.ts";
import { catalog } from "../../engine/catalog/catalog.ts";
import { formats } from "../../engine/catalog/dtypes.ts";
import type { Dtype } from "../../engine/catalog/types.ts";
import { withUnit } from "../../engine/chart/format.ts";
import { InputError } from "../../engine/errors.ts";
import { Choice } from "../accuracy/Choice.tsx";
import { addressOfSource, type Measurement } from "../accuracy/measurements.ts";
import { useChoices } from "../accuracy/use-measurements.ts";
import { loadInWords } from "../accuracy/words.ts";
import { percent, times } from "../format.ts";
import { KeptRuns } from "../tools/KeptRuns.tsx";
import { openAsLab } from "../tools/open-as-lab.ts";
import { notNumber, readTyped } from "../tools/read-typed.ts";
import { engines } from "./engines.ts";
import { ownRun, slowCode, type OwnRun } from "./own-run.ts";
import { figures, judge, type Figure, type Judged, type Point } from "./slow.ts";

const empty = {
  m: "llama-3.1-8b",
  g: "h100-sxm-80",
  n: "1",
  e: "vllm",
  w: "",
  c: "",
  in: "",
  out: "",
  f: "tpot",
  v: "",
};
const example = { ...empty, c: "32", in: "1000", out: "300", v: "19" };
/** Which field of the form an error is about. */
const fieldOf: Readonly<Record<string, string>> = {
  value: "v",
  gpus: "n",
  concurrency: "c",
  "shape.concurrency": "c",
  "shape.prompt": "in",
  "shape.output": "out",
};

type Answer = { readonly judged: Judged; readonly point: Point } | { readonly field: string; readonly problem: string };

export function SlowForm({ rows }: { readonly rows: readonly Measurement[] }) {
  const [typed, change] = useChoices(empty);
  const [asked, setAsked] = useState(false);
  /** A kept run that fills the form, and what is to know of it. */
  const [own, setOwn] = useState<OwnRun | null>(null);
  const [said, setSaid] = useState("");
  const figure = (Object.hasOwn(figures, typed.f) ? typed.f : "tpot") as Figure;
  const whole = [typed.c, typed.in, typed.out, typed.v].every((text) => text !== "");
  const answer = useMemo((): Answer | null => {
    if (!whole) return null;
    const point: Point = {
      model: typed.m,
      gpu: typed.g,
      gpus: readTyped(typed.n),
      engine: typed.e,
      weights: typed.w as Dtype | "",
      concurrency: readTyped(typed.c),
      prompt: readTyped(typed.in),
      output: readTyped(typed.out),
      figure,
      value: readTyped(typed.v) * figures[figure].scale,
    };
    try {
      return { judged: judge(point, rows), point };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { field: fieldOf[error.field] ?? "m", problem: error.message };
    }
  }, [typed, rows, figure, whole]);

  const field = (name: "n" | "c" | "in" | "out" | "v", label: string) => {
    const missing = asked && typed[name] === "";
    const wrong = answer !== null && "problem" in answer && answer.field === name ? answer.problem : null;
    const unread = typed[name] !== "" && Number.isNaN(readTyped(typed[name])) ? notNumber(typed[name]) : null;
    const problem = missing ? "A number is needed here." : (unread ?? wrong);
    return (
      <label class="choice">
        <span>{label}</span>
        <input
          name={name}
          inputMode="decimal"
          autocomplete="off"
          value={typed[name]}
          aria-invalid={problem === null ? undefined : "true"}
          aria-describedby={problem === null ? undefined : `slow-${name}-problem`}
          onInput={(event) => change({ [name]: event.currentTarget.value.trim() })}
        />
        {problem !== null && (
          <span id={`slow-${name}-problem`} class="problem" role="alert">
            {problem}
          </span>
        )}
      </label>
    );
  };
  const { unit, name } = figures[figure];
  const take = (title: string, runs: readonly Run[]) => {
    try {
      const taken = ownRun(runs.at(-1)!);
      const f = taken.values[figure] === undefined ? (Object.keys(taken.values)[0] ?? figure) : figure;
      setOwn(taken);
      setSaid(`From ${title}. Say which model, GPU and engine that was.`);
      change({ c: taken.c, in: taken.in, out: taken.out, f, v: taken.values[f as Figure] ?? "" });
    } catch (error) {
      setSaid(error instanceof Error ? `${title} can’t be taken: ${error.message}.` : String(error));
    }
  };
  const toLab = async () => {
    if (answer === null || !("point" in answer)) return;
    try {
      location.assign(await openAsLab(slowCode(answer.point)));
    } catch (error) {
      setSaid(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <form
      class="slow-form"
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
      }}
    >
      <h2 id="slow">Is my server slow?</h2>
      <div class="choices">
        <Choice
          label="Model"
          value={typed.m}
          options={catalog.models.map(({ id }) => [id, id])}
          onChoose={(m) => change({ m })}
        />
        <Choice
          label="GPU"
          value={typed.g}
          options={catalog.gpus.map(({ id, name: gpu }) => [id, gpu])}
          onChoose={(g) => change({ g })}
        />
        {field("n", "GPUs (tensor parallel)")}
        <Choice label="Engine" value={typed.e} options={engines} onChoose={(e) => change({ e })} />
        <Choice
          label="Weights"
          value={typed.w}
          options={[["", "as in the checkpoint"], ...Object.keys(formats).map((id): [string, string] => [id, id])]}
          onChoose={(w) => change({ w })}
        />
        {field("c", "Requests in flight")}
        {field("in", "Tokens in, mean")}
        {field("out", "Tokens out, mean")}
        <Choice
          label="Figure"
          value={figure}
          options={Object.entries(figures).map(([id, each]) => [id, `mean ${each.name}`])}
          onChoose={(f) => change({ f, ...(own && { v: own.values[f as Figure] ?? "" }) })}
        />
        {field("v", `You measured (${unit})`)}
      </div>
      <p class="measured-away print:hidden">
        <button type="submit">Compare</button>
        <button
          type="button"
          onClick={() => {
            setOwn(null);
            setSaid("");
            change(example);
          }}
        >
          Try an example
        </button>
        <KeptRuns label="Take a kept run" onTake={take} />
        {answer !== null && "judged" in answer && (
          <button type="button" data-action="lab" onClick={() => void toLab()}>
            Open as lab
          </button>
        )}
        <span role="status">{said}</span>
      </p>
      <div class="verdict" role="status">
        {answer === null ? (
          <p>
            Say what you run and what you measured: you see what we predict for it, and what others measured nearby.
          </p>
        ) : "problem" in answer ? (
          <p>{answer.field === "m" ? answer.problem : "One of the fields above needs another value."}</p>
        ) : (
          <Verdict
            judged={answer.judged}
            figure={figure}
            name={name}
            value={readTyped(typed.v) * figures[figure].scale}
          />
        )}
      </div>
    </form>
  );
}

function Verdict({
  judged: { predicted, ratio, verdict, neighbours, better },
  figure,
  name,
  value,
}: {
  readonly judged: Judged;
  readonly figure: Figure;
  readonly name: string;
  readonly value: number;
}) {
  const unit = figures[figure].siUnit;
  const says = {
    slower: "Slower than expected",
    "as expected": "As expected",
    faster: "Faster than expected",
  }[verdict];
  return (
    <>
      <p>
        <strong data-verdict={verdict}>{says}.</strong> {withUnit(value, unit)} is {times(ratio)} the {name} that we
        predict, {withUnit(predicted.value, unit)}. Four of five measured servers lie between{" "}
        {withUnit(predicted.low, unit)} and {withUnit(predicted.high, unit)}.
      </p>
      {neighbours.length === 0 ? (
        <p>Nothing published here is near enough to compare with.</p>
      ) : (
        <>
          <p>
            Of the {neighbours.length} nearest published measurements, {percent(better)} do better beside their own
            prediction than yours does.
          </p>
          <div class="measured-scroll" tabIndex={0} role="region" aria-label="Nearest published measurements">
            <table>
              <thead>
                <tr>
                  {["model", "GPUs", "engine", "load", "measured", "measured ÷ predicted", "published"].map((text) => (
                    <th key={text} scope="col">
                      {text}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {neighbours.map(({ row, ratio: theirs }) => {
                  const address = addressOfSource(row.source);
                  return (
                    <tr key={`${row.file} ${row.row}`}>
                      <td>{row.model}</td>
                      <td>
                        {row.gpus ?? 1} × {row.gpu}
                      </td>
                      <td>{`${row.engine} ${row.version}`.trim()}</td>
                      <td>{`${loadInWords(row)}, ${row.prompt ?? "?"} in, ${row.output ?? "?"} out`}</td>
                      <td>{withUnit(row.measured, row.unit)}</td>
                      <td>{times(theirs)}</td>
                      <td>{address === undefined ? row.publisher : <a href={address}>{row.publisher}</a>}</td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
        </>
      )}
    </>
  );
}
