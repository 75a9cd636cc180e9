/** Where data come in: pasted, dropped, picked, or taken from the runs that this browser keeps. */
import { useSignal } from "@preact/signals";
import { useId, useRef } from "preact/hooks";
import { Button } from "../../lab/Button.tsx";
import { KeptRuns } from "../KeptRuns.tsx";
import { useDrop } from "../use-drop.ts";
import type { AnalyserState, Given } from "./analyser-state.ts";
import type { ReadResult, Slot } from "./question.ts";
import { StatedChart } from "./StatedChart.tsx";
import { duration } from "./StatisticsTable.tsx";

/** Pasted text above this many characters is held as a file: no text field is quick with it. */
const MOST_SHOWN = 200_000;
const PAUSE = 400;

export function DataBox({ state, slot }: { state: AnalyserState; slot: Slot }) {
  const id = useId();
  const given = state.given[slot].value;
  const pause = useRef(0);
  /** Typed, and not given yet: what is being read must not write over it. */
  const draft = useSignal<string | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const text = given && "text" in given.source ? given.source.text : "";
  const typed = (value: string) => {
    clearTimeout(pause.current);
    draft.value = value;
    pause.current = setTimeout(() => {
      draft.value = null;
      if (value.trim() === "") void state.forget(slot);
      else void state.give(slot, { name: "pasted", text: value });
    }, PAUSE) as unknown as number;
  };
  const clear = () => {
    clearTimeout(pause.current);
    draft.value = null;
    void state.forget(slot);
  };
  /** Two at once are compared. */
  const take = (files: readonly File[]) => {
    if (files.length === 0) return;
    if (files.length > (slot === "a" ? 2 : 1)) return state.refuse(`${files.length} files at once: give one, or two to compare`);
    void (async () => {
      for (const [i, file] of files.entries()) await state.give(i === 0 ? slot : "b", { name: file.name, file });
    })();
  };
  const title = slot === "a" ? "Latencies" : "Compare with (B)";
  const drop = useDrop(take);
  return (
    <section
      class="tool-data"
      data-slot={slot}
      {...drop}
    >
      <label for={id}>{title}</label>
      <textarea
        id={id}
        rows={slot === "a" ? 6 : 3}
        spellcheck={false}
        placeholder={"Paste numbers, CSV, JSON or JSON lines, or drop a file here.\n120\n135 ms\n0.98 s"}
        value={draft.value ?? text}
        onInput={(e) => typed(e.currentTarget.value)}
        onPaste={(e) => {
          const pasted = e.clipboardData?.getData("text/plain") ?? "";
          if (pasted.length <= MOST_SHOWN) return;
          e.preventDefault();
          void state.give(slot, { name: "pasted", file: new Blob([pasted]) });
        }}
      />
      <p class="tool-ways">
        <Button kind="plain" action={`open-${slot}`} onPress={() => picker.current?.click()}>
          Open a file
        </Button>
        <input
          ref={picker}
          type="file"
          multiple={slot === "a"}
          hidden
          aria-label={`File for ${title}`}
          onChange={(e) => {
            take([...(e.currentTarget.files ?? [])]);
            e.currentTarget.value = "";
          }}
        />
        <KeptRuns
          label={slot === "a" ? "Take a kept run" : "Compare with a kept run"}
          onTake={(name, runs) => void state.give(slot, { name, runs })}
        />
        {given && (
          <Button action={`clear-${slot}`} onPress={clear}>
            Clear
          </Button>
        )}
      </p>
      {given && !given.read && state.progress.value === null && (
        <Button kind="plain" action={`again-${slot}`} onPress={() => void state.readAgain(slot)}>
          {given.source.name !== "pasted" ? `Read ${given.source.name} again` : "Read again"}
        </Button>
      )}
      {given && <About given={given} choose={(result) => state.choose(slot, result)} />}
    </section>
  );
}

function About({ given, choose }: { given: Given; choose(result: number): void }) {
  const { read, source, result } = given;
  if (!read) return null;
  const chosen = read.results[result];
  return (
    <div data-part="about">
      <p>
        {source.name === "pasted" ? "" : `${source.name}. `}
        {read.source}
        {read.results.length > 1 ? `, holds ${read.results.length} results` : ""}.
        {read.results.length > 1 && (
          <>
            {" "}
            <select
              aria-label="Which result of the file"
              value={String(result)}
              onChange={(e) => choose(Number(e.currentTarget.value))}
            >
              {read.results.map(({ label, rows }, i) => (
                <option key={`${i}`} value={String(i)} selected={i === result}>
                  {label} ({rows.toLocaleString("en-GB")} requests)
                </option>
              ))}
            </select>
          </>
        )}
      </p>
      {chosen && <Lacking result={chosen} />}
    </div>
  );
}

/** What the file lacks, and what its tool worked out where it kept no requests. */
function Lacking({ result: { rows, stated, missing } }: { result: ReadResult }) {
  return (
    <>
      {missing.length > 0 && <p class="lab-problem">It lacks {missing.join("; ")}.</p>}
      {rows === 0 && stated && stated.metrics.length > 0 && (
        <div data-part="stated">
          <p>What the tool itself worked out. Without the requests there is no interval and no other percentile:</p>
          <div class="tool-scroll" role="region" aria-label="What the tool worked out" tabIndex={0}>
            <table>
              <tbody>
                {stated.metrics.map((metric) => (
                  <tr key={metric.name}>
                    <th scope="row">{metric.name}</th>
                    <td>
                      {[
                        metric.n === undefined ? "" : `n ${metric.n.toLocaleString("en-GB")}`,
                        metric.mean === undefined ? "" : `mean ${valueOf(metric.mean, metric.unit)}`,
                        ...metric.percentiles
                          .filter(([q]) => [50, 75, 90, 95, 99, 99.9].includes(q))
                          .map(([q, value]) => `p${q} ${valueOf(value, metric.unit)}`),
                        metric.max === undefined ? "" : `max ${valueOf(metric.max, metric.unit)}`,
                      ]
                        .filter(Boolean)
                        .join(" · ")}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <StatedChart metrics={stated.metrics} />
        </div>
      )}
    </>
  );
}

function valueOf(value: number, unit: "s" | "/s" | ""): string {
  return unit === "s" ? duration(value) : `${Number(value.toPrecision(4))}${unit}`;
}
