/** Where a sweep comes in: pasted, dropped, opened from files, or taken from runs that this browser keeps. */
import { useSignal } from "@preact/signals";
import { useId, useRef } from "preact/hooks";
import { InputError } from "../../engine/errors.ts";
import { isKeepFile, readKeepFile } from "../../lab/keep/keep-file.ts";
import type { Run } from "../../engine/run.ts";
import { Button } from "../lab/Button.tsx";
import { KeptRuns } from "../tools/KeptRuns.tsx";
import { useDrop } from "../tools/use-drop.ts";
import { rowOfRun } from "./read-sweep.ts";
import type { SweepRow } from "./rows.ts";
import type { TwinState } from "./twin-state.ts";

export function SweepBox({ state }: { state: TwinState }) {
  const id = useId();
  const typed = useSignal("");
  const picker = useRef<HTMLInputElement>(null);
  const problem = state.problem.value?.field === "data" ? state.problem.value.text : null;
  const take = async (files: Iterable<File>) => {
    for (const file of files) {
      const text = await file.text();
      if (isKeepFile(text))
        addRuns(
          (readKeepFile(text).kept.runData ?? []).flatMap(({ runs }) => runs),
          file.name,
        );
      else state.add(file.name, text);
    }
  };
  const addRuns = (runs: readonly Run[], name: string) => {
    const rows: SweepRow[] = [];
    const lost: string[] = [];
    for (const run of runs) {
      try {
        rows.push(rowOfRun(run, name));
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        lost.push(`A run of ${name} gave no point: ${error.message}`);
      }
    }
    state.addRows(rows, lost);
  };
  const add = (text: string) => {
    if (text.trim() === "") return;
    state.add("pasted", text);
    if (state.problem.peek()?.field !== "data") typed.value = "";
  };
  const drop = useDrop((files) => void take(files));
  return (
    <div class="tool-data print:hidden" {...drop}>
      <label for={id}>A table or a result file</label>
      <textarea
        id={id}
        rows={4}
        spellcheck={false}
        placeholder={
          "Paste a table, or drop files here: perflab, vLLM bench (sweeps too), SGLang, AIPerf, GuideLLM …\nusers, in, out, TTFT (ms), TPOT (ms), tok/s"
        }
        value={typed.value}
        aria-invalid={problem === null ? undefined : "true"}
        aria-describedby={problem === null ? undefined : `${id}-problem`}
        onInput={(e) => (typed.value = e.currentTarget.value)}
        onPaste={(e) => {
          const text = e.clipboardData?.getData("text/plain") ?? "";
          if (typed.value !== "" || !text.includes("\n")) return;
          e.preventDefault();
          typed.value = text;
          add(text);
        }}
      />
      {problem !== null && (
        <p class="tool-problem" id={`${id}-problem`} role="alert">
          {problem}.
        </p>
      )}
      <p class="tool-ways">
        <Button kind="plain" action="add" unusable={typed.value.trim() === ""} onPress={() => add(typed.value)}>
          Add these points
        </Button>
        <Button kind="plain" action="open" onPress={() => picker.current?.click()}>
          Open files
        </Button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label="Result files of a sweep"
          onChange={(e) => {
            void take([...(e.currentTarget.files ?? [])]);
            e.currentTarget.value = "";
          }}
        />
        <KeptRuns label="Take a kept run" onTake={(name, runs) => addRuns(runs, name)} />
      </p>
    </div>
  );
}
