/** Kept runs out to files and in from them. */
import { readRuns, runsToCsv, runsToJson, runToVllm } from "../../lab/keep/run-files.ts";
import { Button } from "./Button.tsx";
import { useLab } from "./lab-context.ts";
import { ReportFiles } from "./ReportFiles.tsx";
import { pickFile, saveFile } from "../save-file.ts";

export function RunFiles() {
  const { runs, setup } = useLab();
  const all = runs.list.value;
  const ticked = all.filter(({ id }) => runs.chosen.value.includes(id));
  const which = ticked.length > 0 ? ticked : all;
  const [only] = ticked.length === 1 ? ticked : [];
  const newest = all.toSorted((a, b) => b.date.localeCompare(a.date))[0];
  const stem = `${setup.id}-runs`;
  const json = async () => {
    const data = (await Promise.all(which.map(({ id }) => runs.data(id)))).filter((each) => each !== undefined);
    saveFile(`${stem}.json`, runsToJson(which, data, new Date().toISOString()), "application/json");
  };
  const vllm = async () => {
    if (only === undefined) return;
    const run = (await runs.data(only.id))?.runs.at(-1);
    if (run === undefined)
      runs.said.value = `${only.name} has no requests: its raw data are not kept, or its code made no Run.`;
    else saveFile(`${setup.id}-vllm.json`, runToVllm(run), "application/json");
  };
  const read = (text: string, name: string) => {
    try {
      const file = readRuns(text, name, setup.id, new Date().toISOString());
      const known = new Set(all.map(({ id }) => id));
      const fresh = file.runs.filter(({ id }) => !known.has(id)).length;
      void runs.add(file.runs, file.data);
      const count = fresh === 1 ? "One run is added." : `${fresh} runs are added.`;
      const there = file.runs.length > fresh ? [`${file.runs.length - fresh} were here already.`] : [];
      runs.said.value = [count, ...there, ...file.said].join(" ");
    } catch (error) {
      runs.said.value = `${name} was not read: ${error instanceof Error ? error.message : String(error)}.`;
    }
  };
  return (
    <p class="kept-files">
      <span class="lab-muted">
        {ticked.length > 0 ? `The ${ticked.length === 1 ? "ticked run" : `${ticked.length} ticked`}: ` : "All: "}
      </span>
      <Button action="runs-json" unusable={which.length === 0} onPress={() => void json()}>
        JSON
      </Button>
      <Button
        action="runs-csv"
        unusable={which.length === 0}
        onPress={() => saveFile(`${stem}.csv`, runsToCsv(which), "text/csv")}
      >
        CSV
      </Button>
      <Button
        action="runs-vllm"
        unusable={only === undefined}
        label="vLLM JSON of one ticked run"
        onPress={() => void vllm()}
      >
        vLLM JSON
      </Button>
      <ReportFiles of={ticked.length > 0 ? only : newest} />
      <Button action="runs-import" onPress={() => pickFile(".json,.jsonl,.csv,.txt", read)}>
        Add from a file
      </Button>
    </p>
  );
}
