/** The last runs of a lab, as numbers that can be put side by side. */
import { summarize } from "../engine/metrics/summarize.ts";
import { statuses, type Run } from "../engine/run.ts";
import type { Exported } from "./protocol.ts";
import type { RunRecord, Storage } from "./storage.ts";

const keptData = 50;
const shownRuns = 6;

/** A run's numbers: what the code exports, and what its last Run says. */
export function numbersOf(exported: Exported, run: Run | undefined): Readonly<Record<string, number>> {
  const numbers: Record<string, number> = {};
  for (const [name, value] of Object.entries(exported))
    if (typeof value === "number" && Number.isFinite(value)) numbers[name] = value;
  if (run === undefined) return numbers;
  const good = run.requests.status.filter((code) => statuses[code] === "succeeded").length;
  const unsent = run.requests.status.filter((code) => statuses[code] === "unsent").length;
  if (unsent > 0) numbers["unsent"] = unsent;
  if (good === 0) {
    // Nothing was answered: there is no latency to speak of, and that is the result.
    return { ...numbers, succeeded: 0, failed: run.requests.count - unsent };
  }
  const { ttft, tpot, e2e, outputTokensPerSecond, succeeded, failed } = summarize(run);
  const metrics = {
    "TTFT p50, ms": ttft.p(50) * 1000,
    "TPOT p50, ms": tpot.p(50) * 1000,
    "E2E p50, s": e2e.p(50),
    "output tokens/s": outputTokensPerSecond,
    succeeded,
    failed,
  };
  for (const [name, value] of Object.entries(metrics)) if (Number.isFinite(value)) numbers[name] = value;
  return numbers;
}

/** Keeps the run and answers with the lab's latest, oldest first. */
export async function keepRun(
  storage: Storage,
  lab: string,
  numbers: Readonly<Record<string, number>>,
  run: Run | undefined,
): Promise<readonly RunRecord[]> {
  const before = await latestRuns(storage, lab, Infinity);
  const date = new Date().toISOString();
  const id = `${lab}:${date}`;
  const origin = run?.origin.kind ?? "simulated";
  await storage.put("runs", {
    id,
    lab,
    name: `Run ${before.length + 1}`,
    date,
    origin,
    target: run?.origin.kind === "measured" ? run.origin.target : "simulated server",
    pinned: false,
    summary: numbers,
  });
  if (run !== undefined) {
    await storage.put("runData", { id, date, run });
    const rows = [...(await storage.all("runData"))].sort((a, b) => b.date.localeCompare(a.date));
    for (const old of rows.slice(keptData)) await storage.delete("runData", old.id);
  }
  return latestRuns(storage, lab);
}

async function latestRuns(storage: Storage, lab: string, most = shownRuns): Promise<readonly RunRecord[]> {
  const all = (await storage.all("runs")).filter((record) => record.lab === lab);
  return all.sort((a, b) => a.date.localeCompare(b.date)).slice(-most);
}
