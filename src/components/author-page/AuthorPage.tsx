/** A lab is written in the browser: its files, the proof in the real sandbox, a preview, and the folder as a zip. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Fault } from "../../lab/fault.ts";
import { problemOfLabId } from "../../lab/lab-id.ts";
import type { LabSetup, LabUrls } from "../../lab/setup.ts";
import type { Proof } from "../author-panel/prove-in-tab.ts";
import { Outcome } from "../author-panel/Outcome.tsx";
import { Button } from "../lab/Button.tsx";
import { saveFile } from "../save-file.ts";
import "../tools/tools.css";
import "./author-page.css";
import { blankId, inOrder, keepDraft, keptDraft, newFileLink, type Draft } from "./draft.ts";
import { Preview } from "./Preview.tsx";

interface Props {
  readonly urls: LabUrls;
  readonly labs: readonly { readonly id: string; readonly title: string }[];
  /** Where the files of a lab lie as JSON: this, its id, and .json. */
  readonly sources: string;
  /** Web address of the repository, where the site's edition has one. */
  readonly repository: string | null;
}

type Doing =
  | { readonly what: "prove"; readonly runs: number; readonly stop: AbortController }
  | { readonly what: "preview" | "begin" }
  | null;

const work = () => import("./work.ts");

export default function AuthorPage({ urls, labs, sources, repository }: Props) {
  const draft = useSignal<Draft | null>(null);
  const file = useSignal("solution.ts");
  const doing = useSignal<Doing>(null);
  const proof = useSignal<Proof | null>(null);
  const preview = useSignal<LabSetup | null>(null);
  const said = useSignal("");
  const problem = useSignal<string | null>(null);
  const from = useSignal(blankId);
  const asked = useSignal(false);
  const ready = useSignal(false);
  const area = useRef<HTMLTextAreaElement>(null);

  const begin = async (id: string) => {
    asked.value = false;
    doing.value = { what: "begin" };
    problem.value = null;
    try {
      const response = await fetch(`${sources}${id}.json`);
      if (!response.ok) throw new Error(`The files of ${id} could not be loaded (${response.status}). Try again.`);
      change({ id: id === blankId ? id : `${id}-copy`, files: (await response.json()) as Draft["files"] });
      file.value = "solution.ts";
      [proof.value, preview.value] = [null, null];
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    }
    doing.value = null;
  };
  const change = (next: Draft) => {
    draft.value = next;
    said.value = keepDraft(next)
      ? "Kept in this browser."
      : "This browser does not keep the draft: save the zip before you leave.";
  };
  useEffect(() => {
    const kept = keptDraft();
    if (kept === null) void begin(blankId).then(() => (ready.value = true));
    else {
      draft.value = kept;
      ready.value = true;
    }
  }, []);

  const prove = async (now: Draft) => {
    const stop = new AbortController();
    doing.value = { what: "prove", runs: 0, stop };
    [problem.value, proof.value] = [null, null];
    try {
      const { proveInTab } = await work();
      proof.value = await proveInTab(now.id, now.files, urls, {
        signal: stop.signal,
        onRun: (runs) => {
          if (doing.peek()?.what === "prove") doing.value = { what: "prove", runs, stop };
        },
      });
      said.value = proof.value.faults.length === 0 ? "Proved." : `${proof.value.faults.length} to mend.`;
    } catch (error) {
      if (stop.signal.aborted) said.value = "Stopped.";
      else problem.value = error instanceof Error ? error.message : String(error);
    }
    doing.value = null;
  };
  const show = async (now: Draft) => {
    doing.value = { what: "preview" };
    problem.value = null;
    try {
      const made = await (await work()).previewOf(now, urls);
      if ("setup" in made) {
        preview.value = made.setup;
        said.value = "The preview is below.";
      } else {
        preview.value = null;
        proof.value = { report: null, faults: made.faults, took: 0 };
        said.value = "There is no preview before these are mended.";
      }
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    }
    doing.value = null;
  };
  const save = async (now: Draft) => {
    saveFile(`${now.id}.zip`, (await work()).packDraft(now), "application/zip");
    said.value = `Saved as ${now.id}.zip. Unpack it into labs/, then npm run check:labs -- ${now.id}.`;
  };
  const goTo = (fault: Fault) => {
    const name = fault.file.split("/").at(-1) ?? "";
    if (draft.value?.files[name] === undefined) return;
    file.value = name;
    // Once the text of that file is in the field.
    requestAnimationFrame(() => caretTo(area.current, fault.line ?? 1));
  };

  const now = draft.value;
  const busy = doing.value !== null;
  if (now === null)
    return (
      <div class="tool author-page not-content" data-ready={ready.value ? "" : undefined}>
        <p role="status">{problem.value ?? "The files of a small lab are on their way…"}</p>
        {problem.value !== null && (
          <Button kind="plain" onPress={() => void begin(blankId)}>
            Try again
          </Button>
        )}
      </div>
    );
  const idProblem =
    problemOfLabId(now.id) ??
    (labs.some(({ id }) => id === now.id)
      ? `There is a lab ${now.id} already: as a folder of that name this would replace it.`
      : null);
  const names = inOrder(now.files);
  const open = names.includes(file.value) ? file.value : names[0]!;
  return (
    <div class="tool author-page not-content" data-ready={ready.value ? "" : undefined}>
      <div class="tool-options">
        <label class="tool-field">
          Begin with
          <select value={from.value} onChange={({ currentTarget }) => (from.value = currentTarget.value)}>
            <option value={blankId}>a small lab that passes its proofs</option>
            {labs.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <label class="tool-field">
          Name of its folder
          <input
            type="text"
            name="id"
            autocomplete="off"
            spellcheck={false}
            value={now.id}
            aria-invalid={problemOfLabId(now.id) === null ? undefined : "true"}
            aria-describedby={idProblem === null ? undefined : "author-id-problem"}
            onInput={({ currentTarget }) => change({ ...now, id: currentTarget.value })}
          />
          {idProblem !== null && (
            <span class="tool-problem" id="author-id-problem">
              {idProblem}
            </span>
          )}
        </label>
      </div>
      <p class="tool-ways">
        {asked.value ? (
          <>
            This replaces the draft in this browser.{" "}
            <Button kind="plain" action="replace" unusable={busy} onPress={() => void begin(from.value)}>
              Replace it
            </Button>
            <Button onPress={() => (asked.value = false)}>Keep the draft</Button>
          </>
        ) : (
          <Button kind="plain" action="begin" unusable={busy} onPress={() => (asked.value = true)}>
            Begin anew
          </Button>
        )}
      </p>
      <fieldset class="author-files">
        <legend>File</legend>
        {names.map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="author-file"
              value={name}
              checked={name === open}
              onChange={() => (file.value = name)}
            />
            {name}
            {proof.value?.faults.some((fault) => fault.file.endsWith(`/${name}`)) === true && (
              <span class="author-bad" title="Something in it is to be mended">
                {" "}
                ✗
              </span>
            )}
          </label>
        ))}
      </fieldset>
      <label class="author-text">
        <span class="author-text-name">
          {open}: {about[open] ?? "Read-only for learners; main.ts and checks.ts import it."}
        </span>
        <textarea
          ref={area}
          key={open}
          name="text"
          rows={24}
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          wrap="off"
          value={now.files[open]}
          onInput={({ currentTarget }) => change({ ...now, files: { ...now.files, [open]: currentTarget.value } })}
        />
      </label>
      <p class="tool-ways">
        {doing.value?.what === "prove" ? (
          <Button
            kind="main"
            action="stop"
            onPress={() => doing.value?.what === "prove" && doing.value.stop.abort(new Error("Stopped."))}
          >
            Stop
          </Button>
        ) : (
          <Button
            kind="main"
            action="prove"
            unusable={busy || problemOfLabId(now.id) !== null}
            onPress={() => void prove(now)}
          >
            Prove
          </Button>
        )}
        <Button kind="plain" action="preview" unusable={busy} onPress={() => void show(now)}>
          Preview
        </Button>
        <Button
          kind="plain"
          action="zip"
          unusable={busy || problemOfLabId(now.id) !== null}
          onPress={() => void save(now)}
        >
          Save as zip
        </Button>
        <span role="status" data-part="author-said">
          {doing.value?.what === "prove"
            ? `Proving: ${doing.value.runs} runs done`
            : doing.value !== null
              ? "On its way…"
              : said.value}
        </span>
      </p>
      {problem.value !== null && (
        <p class="tool-problem" role="alert">
          {problem.value}
        </p>
      )}
      {proof.value !== null && <Outcome {...proof.value} onGoTo={goTo} />}
      {repository !== null && problemOfLabId(now.id) === null && (
        <NewFiles repository={repository} draft={now} names={names} />
      )}
      {preview.value !== null && (
        <section aria-labelledby="author-preview">
          <h2 id="author-preview">Preview</h2>
          <Preview key={preview.value.urls.code} setup={preview.value} />
        </section>
      )}
    </div>
  );
}

const about: Readonly<Record<string, string>> = {
  "solution.ts": "One good answer. Write it first.",
  "checks.ts": "What is right, as a list of checks.",
  "starter.ts": "What the learner begins with: it runs, and fails a check.",
  "wrong.yaml": "Answers that people really give, each as a change to the solution.",
  "lab.yaml": "Question, steps, prediction, hints, debrief.",
  "answers.yaml": "Further good answers, each as a change to the solution.",
};

function NewFiles({ repository, draft, names }: { repository: string; draft: Draft; names: readonly string[] }) {
  const links = names.map((name) => [name, newFileLink(repository, draft, name)] as const);
  const long = links.filter(([, link]) => link === null).map(([name]) => name);
  return (
    <p>
      Propose it to the course, file by file:{" "}
      {links.map(
        ([name, link]) =>
          link !== null && (
            <a key={name} href={link} rel="noreferrer">
              {name}{" "}
            </a>
          ),
      )}
      {long.length > 0 && `(${long.join(", ")}: too long for a link; take the zip.)`}
    </p>
  );
}

/** The caret at the beginning of a line, in view. */
function caretTo(area: HTMLTextAreaElement | null, line: number): void {
  if (area === null) return;
  const before = area.value.split("\n").slice(0, line - 1);
  const at = before.reduce((sum, each) => sum + each.length + 1, 0);
  area.focus();
  area.setSelectionRange(at, at + (area.value.split("\n")[line - 1] ?? "").length);
  area.scrollTop = Math.max(0, before.length - 5) * (area.scrollHeight / area.value.split("\n").length);
}
