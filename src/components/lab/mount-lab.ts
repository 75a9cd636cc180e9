/** Brings a server-rendered lab to life: connects its buttons and panes with its session. */
import { Drafts } from "../../lab/drafts.ts";
import { keepRun, numbersOf } from "../../lab/history.ts";
import { notesOf } from "../../lab/run-notes.ts";
import { fetchLabCode, fetchTrace, pageCompiler, pageSandbox } from "../../lab/page-services.ts";
import { LabSession, type LabProblem, type LabView } from "../../lab/session.ts";
import type { LabSetup } from "../../lab/setup.ts";
import type { SpendAnswer, SpendQuestion } from "../../lab/spend.ts";
import { openStorage } from "../../lab/storage.ts";
import { forgetChecks, showChecks } from "./checks-pane.ts";
import { ConsolePane } from "./console-pane.ts";
import { EditorPane } from "./editor-pane.ts";
import { measurer } from "./measurer.ts";
import { showHistory } from "./history-pane.ts";
import { readParams } from "./params-form.ts";
import { action, button, make, part } from "./parts.ts";
import { PredictionBox } from "./prediction-box.ts";
import { addChart } from "./results-pane.ts";
import { activityWords, checkedWords, ranWords } from "./status-words.ts";
import { mountTargetPicker } from "./target-picker.ts";

export interface MountedLab {
  setCode(code: string): void;
  dispose(): void;
}

export async function mountLab(root: HTMLElement): Promise<MountedLab> {
  const setup = JSON.parse(root.querySelector("[data-setup]")?.textContent ?? "") as LabSetup;
  const [code, compiler, storage, { warmCharts }] = await Promise.all([
    fetchLabCode(setup.urls),
    pageCompiler(setup.urls),
    openStorage(),
    import("../charts/perf-chart.ts"),
  ]);
  const sandbox = pageSandbox(setup.urls);
  void sandbox.warm().catch(() => undefined);
  void warmCharts().catch(() => undefined);

  const status = part(root, "status");
  const bar = part<HTMLProgressElement>(root, "progress");
  const results = part(root, "results");
  const checks = part(root, "checks");
  const notes = part(root, "notes");
  const problems = part(root, "problems");
  const output = new ConsolePane(part(root, "console"));
  const notice = noticeLine(part(root, "notice"));
  const drafts = new Drafts(storage, setup.id, setup.starterHash);
  const prediction = setup.prediction
    ? new PredictionBox(part<HTMLFormElement>(root, "prediction"), setup.id, setup.prediction, storage)
    : null;
  let mine = setup.starter;
  let showing: "mine" | "solution" = "mine";

  const view: LabView = {
    activity(now) {
      if (now !== "idle") status.textContent = activityWords[now];
      for (const name of ["run", "check"]) action(root, name).disabled = now !== "idle";
      action(root, "stop").disabled = now === "idle" || now === "compiling";
      if (now === "idle") bar.hidden = true;
    },
    started() {
      results.replaceChildren();
      notes.hidden = true;
      output.clear();
      showProblems([]);
    },
    console: (lines, dropped) => output.add(lines, dropped),
    chart: (description, origin) => void addChart(results, description, origin),
    progress(done, of, what) {
      bar.hidden = false;
      bar.max = of;
      bar.value = done;
      status.textContent =
        what === undefined
          ? `Running… ${done} of ${of} requests done.`
          : `Running… ${what}: ${Math.round((100 * done) / of)} %.`;
    },
    loading(what, fraction) {
      bar.hidden = false;
      bar.max = 1;
      bar.value = fraction;
      status.textContent = `Loading ${what}…`;
    },
    ran(outcome) {
      showProblems(outcome.problems);
      status.textContent = ranWords(outcome, 0);
      const said = notesOf(outcome);
      notes.hidden = said.length === 0;
      notes.replaceChildren(...said.map((note) => make("li", "", note)));
      void editor.typeErrors().then((count) => {
        if (count > 0 && !session.busy) status.textContent = ranWords(outcome, count);
      });
      if (outcome.ending.kind !== "done" || outcome.problems.length > 0) return;
      if (
        showing === "mine" &&
        prediction !== null &&
        outcome.ending.kind === "done" &&
        outcome.problems.length === 0
      ) {
        void session.answer().then((actual) => prediction.ran(actual));
      }
      const run = outcome.runs.at(-1);
      const numbers = numbersOf(outcome.exported, run);
      void keepRun(storage, setup.id, numbers, run).then((runs) => showHistory(part(root, "history"), runs));
    },
    checked(outcome) {
      showProblems(outcome.problems);
      status.textContent = `${showing === "solution" ? "The solution: " : ""}${checkedWords(outcome)}`;
      showChecks(checks, outcome.results);
      if (!outcome.passed || showing === "solution") return;
      part(root, "debrief").hidden = false;
      void storage.put("progress", { id: `lab:${setup.id}`, state: "passed", date: new Date().toISOString() });
    },
    confirmSpend: (question) => confirmSpend(status, question),
  };
  const session = new LabSession(setup, view, {
    sandbox,
    compiler,
    measurer,
    fetchCode: () => fetchLabCode(setup.urls),
    fetchTrace,
  });
  const editor = new EditorPane(root, setup, code.files, {
    onChange(text) {
      session.code = text;
      if (showing === "solution") return;
      mine = text;
      drafts.save(text);
      forgetChecks(checks, setup.checks);
    },
    onRun: () => void session.run(),
    onIntent: () => compiler.warm(),
    notice: (text) => notice(text),
  });

  function showProblems(found: readonly LabProblem[]): void {
    problems.hidden = found.length === 0;
    problems.replaceChildren(...found.map(problemRow));
    const marks = found.flatMap(({ place, text, length }) =>
      place?.file === "main.ts" ? [{ line: place.line, column: place.column, length: length ?? 1, message: text }] : [],
    );
    editor.mark(marks);
  }
  function setMine(text: string): void {
    mine = text;
    session.code = text;
    editor.show(text);
    forgetChecks(checks, setup.checks);
  }
  function show(tab: "mine" | "solution"): void {
    if (session.busy) return;
    showing = tab;
    const text = tab === "mine" ? mine : code.solutionSource;
    for (const name of ["mine", "solution"] as const) {
      const selector = root.querySelector<HTMLElement>(`[data-tab="${name}"]`)!;
      selector.setAttribute("aria-selected", String(name === tab));
      selector.tabIndex = name === tab ? 0 : -1;
      selector.hidden = name === "solution" && tab === "mine" && selector.hidden;
    }
    part(root, "editor").setAttribute("aria-labelledby", `lab-${setup.id}-${tab}`);
    action(root, "solution").textContent = tab === "mine" ? "Show solution" : "Back to my code";
    session.code = text;
    editor.show(text);
    forgetChecks(checks, setup.checks);
    notice(
      tab === "solution"
        ? "This is the solution. Your own code is kept under main.ts; what you change here is not. Run and Check act on what you see."
        : "",
    );
  }

  const on = (name: string, act: () => void) => action(root, name).addEventListener("click", act);
  on("run", () => void session.run());
  on("stop", () => session.stop());
  on("check", () => void session.check());
  on("edit", () => void editor.edit());
  on("solution", () => {
    root.querySelector<HTMLElement>('[data-tab="solution"]')!.hidden = false;
    show(showing === "mine" ? "solution" : "mine");
  });
  on("reset", () => {
    if (showing === "solution") show("mine");
    const before = mine;
    setMine(setup.starter);
    void drafts.discard();
    if (before === setup.starter) return;
    notice("The starter is back.", ["Undo", () => (setMine(before), drafts.save(before), notice(""))]);
  });
  for (const tab of root.querySelectorAll<HTMLElement>("[data-tab]")) {
    tab.addEventListener("click", () => show(tab.dataset["tab"] === "solution" ? "solution" : "mine"));
    tab.addEventListener("keydown", ({ key }) => {
      if (key !== "ArrowLeft" && key !== "ArrowRight") return;
      const other = root.querySelector<HTMLElement>(`[data-tab="${showing === "mine" ? "solution" : "mine"}"]`)!;
      if (other.hidden) return;
      other.click();
      other.focus();
    });
  }
  mountHints(root);
  const params = root.querySelector<HTMLElement>('[data-part="params"]');
  if (params !== null) readParams(params, setup.params, (values) => (session.params = values));
  const picker = root.querySelector<HTMLElement>('[data-part="target"]');
  if (picker !== null)
    mountTargetPicker(picker, setup, (target, missing) => {
      session.target = target;
      session.targetMissing = missing;
    });

  await prediction?.restore();
  const kept = await drafts.restore();
  if (kept !== null && kept.draft.code !== setup.starter) {
    const when = new Date(kept.draft.date).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
    if (kept.outdated) {
      notice(`The starter has changed since your draft of ${when}.`, [
        "Bring my draft back",
        () => setMine(kept.draft.code),
      ]);
    } else {
      setMine(kept.draft.code);
      notice(`Your draft of ${when} is back.`, [
        "Discard it",
        () => (setMine(setup.starter), void drafts.discard(), notice("")),
      ]);
    }
  } else if (storage.problem !== null) notice(storage.problem);

  return {
    setCode(text) {
      if (showing === "solution") show("mine");
      setMine(text);
      drafts.save(text);
    },
    dispose() {
      session.stop();
      drafts.dispose();
      editor.dispose();
    },
  };
}

function problemRow({ text, place, frames }: LabProblem): HTMLElement {
  const where = place === undefined ? "" : ` (${place.file}, line ${place.line})`;
  const row = make("div", "lab-problem", make("p", "", `${text}${where}`));
  if (frames !== undefined && frames.length > 1)
    row.append(make("pre", "", frames.map((frame) => `at ${frame}`).join("\n")));
  return row;
}

type Choice = readonly [label: string, act: () => void];

function noticeLine(host: HTMLElement): (text: string, choice?: Choice) => void {
  return (text, choice) => {
    host.hidden = text === "";
    host.replaceChildren(text, ...(choice === undefined ? [] : [" ", button(choice[0], choice[1])]));
  };
}

function confirmSpend(status: HTMLElement, { text, agreed, signal }: SpendQuestion): Promise<SpendAnswer> {
  return new Promise((resolve) => {
    const answer = (agreed: SpendAnswer) => {
      status.textContent = agreed === false ? "Nothing more was sent." : "Measuring…";
      resolve(agreed);
    };
    const send = button("Send them", () => answer(true), "lab-button");
    // From the second question on, whoever has had enough of them can agree to the rest.
    const rest = agreed.requests > 0 ? [button("Send all of this run", () => answer("run")), " "] : [];
    status.replaceChildren(
      `${text} `,
      send,
      " ",
      ...rest,
      button("Don't", () => answer(false)),
    );
    send.focus();
    signal.addEventListener("abort", () => resolve(false));
  });
}

function mountHints(root: HTMLElement): void {
  const host = root.querySelector<HTMLElement>('[data-part="hints"]');
  if (host === null) return;
  const hints = [...host.querySelectorAll("p")];
  const next = action(root, "hint");
  next.addEventListener("click", () => {
    const hidden = hints.filter((hint) => hint.hidden);
    if (hidden[0] !== undefined) hidden[0].hidden = false;
    const shown = hints.length - Math.max(0, hidden.length - 1);
    next.textContent = `Hint ${shown + 1} of ${hints.length}`;
    next.hidden = shown >= hints.length;
  });
}
