/** The runs that this browser keeps, to take one from: nothing where there is none. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Run } from "../../engine/run.ts";
import { openStorage, type RunRecord } from "../../lab/storage.ts";

const MOST_RUNS = 50;

interface Props {
  readonly label: string;
  /** `name`: of the lab and the run. */
  onTake(name: string, runs: readonly Run[]): void;
}

export function KeptRuns({ label, onTake }: Props) {
  const kept = useSignal<readonly RunRecord[]>([]);
  useEffect(() => {
    void (async () => {
      const storage = await openStorage();
      const withData = new Set(await storage.keys("runData"));
      const runs = (await storage.all("runs")).filter(({ id, runs }) => runs > 0 && withData.has(id));
      kept.value = runs.toSorted((x, y) => y.date.localeCompare(x.date)).slice(0, MOST_RUNS);
    })();
  }, [kept]);
  const take = async (id: string) => {
    const record = kept.value.find((run) => run.id === id);
    const data = await (await openStorage()).get("runData", id);
    if (record && data) onTake(`${record.lab}, ${record.name}`, data.runs);
  };
  if (kept.value.length === 0) return null;
  return (
    <select
      aria-label={label}
      value=""
      onChange={(e) => {
        void take(e.currentTarget.value);
        e.currentTarget.value = "";
      }}
    >
      <option value="">{label} …</option>
      {kept.value.map(({ id, lab, name, origin }) => (
        <option key={id} value={id}>
          {lab}: {name} ({origin})
        </option>
      ))}
    </select>
  );
}
