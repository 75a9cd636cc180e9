/** Every run of the lab that was kept: named, pinned, deleted, compared, sent out as files and taken in. */
import { useSignal } from "@preact/signals";
import { lazy, Suspense } from "preact/compat";
import { metricLabel } from "../../lab/metric-label.ts";
import type { RunRecord } from "../../lab/storage.ts";
import { Button } from "./Button.tsx";
import "./kept-runs.css";
import { useLab, useSay } from "./lab-context.ts";
import { RunFiles } from "./RunFiles.tsx";
import { threeDigits } from "./three-digits.ts";

/** Comes with its code once it is asked for. */
const RunComparison = lazy(() => import("./RunComparison.tsx"));

export function KeptRunsPane() {
  const { runs } = useLab();
  const { list, chosen, visible, deleted, said } = runs;
  const say = useSay();
  const comparing = useSignal(false);
  const hidden = list.value.length - visible.value.length;
  const chosenRuns = chosen.value.flatMap((id) => list.value.find((run) => run.id === id) ?? []);
  const gone = deleted.value?.records.length ?? 0;
  if (comparing.value && chosenRuns.length > 1)
    return (
      <Suspense fallback={<p class="lab-empty">Comparing…</p>}>
        <RunComparison chosen={chosenRuns} onClose={() => (comparing.value = false)} />
      </Suspense>
    );
  return (
    <div class="kept" data-part="history">
      {list.value.length === 0 ? (
        <p class="lab-empty">
          {say(
            "Every run is kept here with its code, seed and values, so that you can compare it with a later one. Press Run for the first.",
          )}
        </p>
      ) : (
        <>
          <p class="kept-acts">
            <Button
              kind="plain"
              action="compare-runs"
              unusable={chosenRuns.length < 2}
              onPress={() => (comparing.value = true)}
            >
              {chosenRuns.length < 2 ? "Compare: tick two runs" : `Compare ${chosenRuns.length} runs`}
            </Button>
            <Button
              action="delete-runs"
              unusable={chosenRuns.length === 0}
              onPress={() => void runs.remove(chosenRuns.map(({ id }) => id))}
            >
              Delete ticked
            </Button>
          </p>
          <ul class="kept-list" aria-label={say(`${list.value.length} kept runs`)}>
            {visible.value.map((run) => (
              <Row key={run.id} run={run} />
            ))}
          </ul>
          {hidden > 0 && (
            <Button action="more-runs" onPress={() => runs.more()}>
              {`Show more: ${hidden} older`}
            </Button>
          )}
        </>
      )}
      <p class="lab-undo" role="status">
        {gone > 0 && (
          <>
            {say(gone === 1 ? "One run is deleted." : `${gone} runs are deleted.`)}{" "}
            <Button action="undo-delete" onPress={() => void runs.undoRemove()}>
              Undo
            </Button>
          </>
        )}
        {say(said.value ?? "")}
      </p>
      <RunFiles />
    </div>
  );
}

/** Numbers that stand in a row; the others are in the comparison and the files. */
const mostNumbers = 4;

function Row({ run }: { run: RunRecord }) {
  const { runs, params, setup } = useLab();
  const say = useSay();
  const naming = useSignal(false);
  const numbers = Object.entries(run.summary).slice(0, mostNumbers);
  const known = Object.keys(run.params).length > 0 && Object.keys(setup.params).length > 0;
  return (
    <li class="kept-run" data-run={run.id}>
      <label class="kept-tick">
        <input
          type="checkbox"
          checked={runs.chosen.value.includes(run.id)}
          onChange={({ currentTarget }) => runs.choose(run.id, currentTarget.checked)}
        />
        <span class="sr-only">{say(`Compare ${run.name}`)}</span>
      </label>
      <div class="kept-what">
        <p class="kept-line">
          {naming.value ? (
            <NameField run={run} onDone={() => (naming.value = false)} />
          ) : (
            <strong class="kept-name">{run.name}</strong>
          )}
          <span class="lab-muted">
            {whenWords(run.date, setup.language?.lang)} · {say(originWords(run))}
            {run.seed !== null && `, seed ${run.seed}`}
            {run.ofSolution === true && say(" · the solution")}
            {run.runs > 1 && ` · ${run.runs} runs in this press`}
            {run.from !== undefined && ` · from ${run.from}`}
          </span>
        </p>
        {known && <p class="kept-params">{params.words(run.params)}</p>}
        {numbers.length > 0 && (
          <dl class="kept-numbers">
            {numbers.map(([name, value]) => (
              <div key={name}>
                <dt>{metricLabel(name)}</dt>
                <dd>{say(threeDigits(value))}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
      <div class="kept-buttons">
        <Button
          action="pin-run"
          pressed={run.pinned}
          label={`${run.pinned ? "Pinned" : "Pin"}: ${run.name} stays on top, its raw data are kept`}
          onPress={() => void runs.pin(run.id, !run.pinned)}
        >
          {run.pinned ? "Pinned" : "Pin"}
        </Button>
        <Button action="name-run" label={`Name ${run.name}`} onPress={() => (naming.value = true)}>
          Name
        </Button>
        <Button action="delete-run" label={`Delete ${run.name}`} onPress={() => void runs.remove([run.id])}>
          Delete
        </Button>
      </div>
    </li>
  );
}

function NameField({ run, onDone }: { run: RunRecord; onDone: () => void }) {
  const { runs } = useLab();
  const done = (row: HTMLElement | null, keep: string | null) => {
    if (keep !== null) void runs.rename(run.id, keep);
    onDone();
    row?.querySelector<HTMLElement>('[data-action="name-run"]')?.focus();
  };
  return (
    <input
      class="kept-naming"
      aria-label={`Name of ${run.name}`}
      maxLength={80}
      defaultValue={run.name}
      ref={(field) => {
        if (field !== null && document.activeElement !== field) field.select();
      }}
      onKeyDown={({ key, currentTarget }) => {
        const row = currentTarget.closest("li");
        if (key === "Enter") done(row, currentTarget.value);
        if (key === "Escape") done(row, null);
      }}
      onBlur={({ currentTarget }) => {
        void runs.rename(run.id, currentTarget.value);
        onDone();
      }}
    />
  );
}

function originWords({ origin, target }: RunRecord): string {
  return origin === "measured" ? `measured, ${target}` : origin;
}

function whenWords(date: string, lang = "en-GB"): string {
  const when = new Date(date);
  const today = when.toDateString() === new Date().toDateString();
  return when.toLocaleString(lang, today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" });
}
