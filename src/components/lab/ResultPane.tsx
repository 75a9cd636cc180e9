/** What came out, beside the controls that change it: where it runs, the sliders, then result, checks and earlier runs as tabs. */
import { useRef } from "preact/hooks";
import type { ResultTab } from "../../lab/store/lab-store.ts";
import { ChartList } from "./ChartList.tsx";
import { ChecksPane } from "./ChecksPane.tsx";
import { ConsolePane } from "./ConsolePane.tsx";
import { KeptRunsPane } from "./KeptRunsPane.tsx";
import { useLab, useSay } from "./lab-context.ts";
import { ParamsPane } from "./ParamsPane.tsx";
import { Problems } from "./Problems.tsx";
import { TargetPane } from "./TargetPane.tsx";
import { Verdict } from "./Verdict.tsx";

export function ResultPane() {
  const lab = useLab();
  const { setup, tab, checks, result } = lab;
  const say = useSay();
  const rows = checks.rows.value;
  const passed = rows.filter(({ state }) => state === "passed").length;
  const tabs: readonly { id: ResultTab; label: string }[] = [
    { id: "result", label: "Result" },
    ...(lab.free ? [] : [{ id: "checks" as const, label: `Checks ${passed}/${rows.length}` }]),
    { id: "runs", label: `Runs ${lab.runs.list.value.length || ""}`.trim() },
  ];
  const list = useRef<HTMLDivElement>(null);
  const move = (by: number) => {
    const next = tabs[(tabs.findIndex(({ id }) => id === tab.value) + by + tabs.length) % tabs.length];
    if (next === undefined) return;
    tab.value = next.id;
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };
  const panel = (id: ResultTab) => ({
    role: "tabpanel" as const,
    id: `lab-${setup.id}-${id}`,
    "aria-labelledby": `lab-${setup.id}-${id}-tab`,
    class: `lab-panel lab-panel-${id}`,
    hidden: tab.value !== id,
  });
  return (
    <div class="lab-out">
      {setup.targets.includes("endpoint") && <TargetPane />}
      {Object.keys(setup.params).length > 0 && <ParamsPane />}
      <Status />
      <div
        ref={list}
        class="lab-tabs needs-js"
        role="tablist"
        aria-label={say(`Results of ${setup.title}`)}
        onKeyDown={({ key }) => {
          if (key === "ArrowRight") move(1);
          if (key === "ArrowLeft") move(-1);
        }}
      >
        {tabs.map(({ id, label }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`lab-${setup.id}-${id}-tab`}
            data-tab={id}
            aria-selected={tab.value === id}
            aria-controls={`lab-${setup.id}-${id}`}
            tabIndex={tab.value === id ? 0 : -1}
            onClick={() => (tab.value = id)}
          >
            {say(label)}
          </button>
        ))}
      </div>
      <div {...panel("result")}>
        <Problems />
        {lab.prediction !== null && <Verdict prediction={lab.prediction} />}
        {result.notes.value.length > 0 && (
          <ul class="lab-notes" data-part="notes">
            {result.notes.value.map((note) => (
              <li key={note}>{say(note)}</li>
            ))}
          </ul>
        )}
        {setup.picture !== undefined && (
          <noscript>
            <figure class="lab-picture">
              <img src={setup.picture.url} alt={setup.picture.says} loading="lazy" />
              <figcaption>
                {say("What correct code draws here. With JavaScript you run and change it yourself.")}
              </figcaption>
            </figure>
          </noscript>
        )}
        <ChartList />
        <ConsolePane />
        {lab.finished.value === null && result.status.value === "" && (
          <p class="lab-empty needs-js">
            {say("Nothing has run yet. Press Run, and what the code draws and prints stands here.")}
          </p>
        )}
      </div>
      {!lab.free && (
        <div {...panel("checks")}>
          <ChecksPane />
        </div>
      )}
      <div {...panel("runs")}>
        <KeptRunsPane />
      </div>
    </div>
  );
}

function Status() {
  const { result, setup } = useLab();
  const say = useSay();
  const progress = result.progress.value;
  return (
    <div class="lab-state needs-js">
      <p class="lab-status" data-part="status" role="status">
        {say(result.status.value)}
      </p>
      <progress
        class="lab-progress"
        data-idle={progress === null ? "" : undefined}
        max={progress?.of ?? 1}
        value={progress?.done ?? 0}
        aria-label={say(`Progress of ${setup.title}`)}
        aria-hidden={progress === null ? "true" : undefined}
      />
    </div>
  );
}
