/** `npm run accuracy -- --scheduler DIR [--json]`: our scheduler against step logs of the real one, step by step. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Table from "cli-table3";
import { firstDifference, schedule, type SchedulerCase } from "./scheduler-case.ts";

export interface CaseResult {
  readonly name: string;
  readonly scheduler: string;
  readonly agrees: boolean;
  readonly firstDifferentStep: number | null;
}

/** Cases of a folder: one a `*.json` file, or one a line of `*.jsonl`. */
export function readCases(folder: string): SchedulerCase[] {
  return readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const text = () => readFileSync(join(folder, file), "utf8");
      if (file.endsWith(".json")) return [JSON.parse(text()) as SchedulerCase];
      if (!file.endsWith(".jsonl")) return [];
      return text()
        .split("\n")
        .filter((line) => line.trim() !== "")
        .map((line) => JSON.parse(line) as SchedulerCase);
    });
}

export function compareCase(given: SchedulerCase): CaseResult {
  const first = firstDifference(given.steps, schedule(given));
  return { name: given.name, scheduler: given.scheduler, agrees: first === null, firstDifferentStep: first };
}

export function printScheduler(folder: string, json: boolean): void {
  const cases = readCases(folder).map(compareCase);
  if (json) {
    process.stdout.write(`${JSON.stringify({ cases })}\n`);
    return;
  }
  const table = new Table({
    head: ["case", "scheduler", "agrees", "first different step"],
    style: { head: [], border: [] },
  });
  for (const { name, scheduler, agrees, firstDifferentStep } of cases)
    table.push([name, scheduler, agrees ? "yes" : "no", firstDifferentStep ?? ""]);
  console.log(table.toString());
  console.log(`${cases.filter(({ agrees }) => agrees).length} of ${cases.length} cases agree in every step.`);
}
