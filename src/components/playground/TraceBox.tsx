/** A trace of one's own: pasted, dropped or picked; it stays in the page. */
import { useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { formatNumber, withUnit } from "../../engine/chart/format.ts";
import { Button } from "../lab/Button.tsx";
import { useDrop } from "../tools/use-drop.ts";
import { ownTrace, replayed } from "./knobs.ts";
import type { PlaygroundState } from "./playground-state.ts";
import { sentence } from "./words.ts";

/** Pasted text above this many characters is not shown: no text field is quick with it. */
const mostShown = 100_000;

export function TraceBox({ state }: { readonly state: PlaygroundState }) {
  const id = useId();
  const draft = useSignal("");
  const picker = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDetailsElement>(null);
  const own = state.own.value;
  const said = state.problem.value;
  const problem = said?.about === "trace" ? said.text : null;
  const wanted = replayed(state.values.value) === ownTrace;
  useEffect(() => {
    if ((wanted || problem !== null) && box.current) box.current.open = true;
  }, [wanted, problem]);
  const take = (file: File | undefined) => {
    if (!file) return;
    draft.value = "";
    void state.giveTrace(file.name, file);
  };
  const drop = useDrop(([file]) => take(file));
  return (
    <details ref={box} class="playground-trace tool-data print:hidden" data-part="trace">
      <summary>Your own trace{own ? `: ${own.name}` : ""}</summary>
      <section {...drop}>
        <p>
          A table with a request a row: <code>arrival</code> (seconds), <code>prompt</code> and <code>output</code>{" "}
          (tokens), as CSV or JSON lines; a trace as Azure, Mooncake, BurstGPT or Vidur have it; or a benchmark’s result
          file with its requests (vLLM, SGLang, AIPerf, GuideLLM, inference-perf, our own), whose measured times are
          then drawn beside the simulated ones. It is read in this page and sent nowhere.
        </p>
        <label for={id}>Trace</label>
        <textarea
          id={id}
          rows={4}
          spellcheck={false}
          placeholder={"arrival,prompt,output\n0,812,160\n0.4,95,40"}
          value={draft.value}
          aria-invalid={problem !== null ? "true" : undefined}
          aria-describedby={problem !== null ? `${id}-problem` : undefined}
          onInput={({ currentTarget }) => (draft.value = currentTarget.value)}
          onPaste={(e) => {
            const text = e.clipboardData?.getData("text/plain") ?? "";
            if (text.length <= mostShown) return;
            e.preventDefault();
            void state.giveTrace("pasted", new Blob([text]));
          }}
        />
        <p class="tool-ways">
          <Button
            kind="plain"
            action="read-trace"
            unusable={draft.value.trim() === ""}
            onPress={() => void state.giveTrace("pasted", draft.value)}
          >
            Replay what is pasted
          </Button>
          <Button kind="plain" action="open-trace" onPress={() => picker.current?.click()}>
            Open a file
          </Button>
          <input
            ref={picker}
            type="file"
            hidden
            aria-label="Trace file"
            onChange={({ currentTarget }) => {
              take(currentTarget.files?.[0]);
              currentTarget.value = "";
            }}
          />
          {own && (
            <Button action="forget-trace" onPress={() => state.forgetTrace()}>
              Forget it
            </Button>
          )}
        </p>
        {problem !== null && (
          <p class="tool-problem" role="alert" id={`${id}-problem`} data-part="trace-problem">
            {sentence(problem)}
          </p>
        )}
        {own && (
          <div data-part="trace-said" role="status">
            <p>
              {own.what}: {own.table.count.toLocaleString("en-GB")} requests in{" "}
              {withUnit(own.table.at[own.table.count - 1] ?? 0, "s")}, prompts of{" "}
              {formatNumber(meanOf(own.table.prompt))} and answers of {formatNumber(meanOf(own.table.output))} tokens on
              average
              {own.measured ? "; with the times that its own server took" : ""}.
            </p>
            {own.said.map((text) => (
              <p key={text}>{text}</p>
            ))}
          </div>
        )}
      </section>
    </details>
  );
}

function meanOf(values: Uint32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
