/** `npm run accuracy -- --data DIR [--json]`: predicts every measured row and prints how far off it is; `--replay DIR` does so for real runs, `--twin DIR` for digital twins fitted to five points of each deployment, `--scheduler DIR` for step logs of vLLM's scheduler; `--peer` puts the shipped rows beside another estimator. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { parameters } from "../src/engine/step/parameters.ts";
import record from "../tests/accuracy/record.json" with { type: "json" };
import { evaluate, type Result } from "./accuracy/evaluate.ts";
import { tables } from "./accuracy/metrics.ts";
import { groupsOf, headlines, median, type Scored } from "./accuracy/score.ts";

const recordedTables = ["throughput", "tpot", "ttft", "step", "latency"] as const;

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    replay: { type: "string" },
    twin: { type: "string" },
    scheduler: { type: "string" },
    peer: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
if (values.replay !== undefined) (await import("./accuracy-replay.ts")).printReplay(values.replay, values.json);
else if (values.twin !== undefined) (await import("./accuracy/twin.ts")).printTwins(values.twin, values.json);
else if (values.scheduler !== undefined)
  (await import("./accuracy/scheduler.ts")).printScheduler(values.scheduler, values.json);
else if (values.peer) await (await import("./accuracy/peer.ts")).printPeer(values.json);
else if (values.data === undefined) {
  console.error(
    "Say what to score: --data DIR (CSV files), --replay DIR (folders of real runs), --twin DIR (CSV files), --scheduler DIR (step logs) or --peer.",
  );
  process.exitCode = 2;
} else report(evaluate(values.data, parameters.fitted), values.json);

function report(result: Result, json: boolean): void {
  const summary = {
    rows: result.rows.length,
    stated: result.stated,
    predicted: result.predicted,
    coverage: result.stated > 0 ? result.predicted / result.stated : 1,
    batch1Decode: result.batch1.length > 0 ? median(result.batch1) : null,
    tables: headlines(result.scored),
    groups: groupsOf(result.scored),
  };
  if (json) {
    process.stdout.write(`${JSON.stringify({ rows: result.rows, summary })}\n`);
    return;
  }
  console.log(
    `${summary.rows} rows, ${summary.stated} stated, ${summary.predicted} predicted: coverage ${percent(summary.coverage)}`,
  );
  const head = plain({
    head: [
      "metric",
      "groups",
      "rows",
      "group median",
      "row median",
      "row p90",
      "roofline",
      "rule of thumb",
      "worse than roofline",
    ],
  });
  for (const table of tables) {
    const h = summary.tables[table];
    if (!h) continue;
    head.push([
      table,
      h.groups,
      h.rows,
      ...[h.group, h.row, h.p90].map(percent),
      ...[h.roofline, h.rule, h.worseThanRoofline].map(table === "memory" ? () => "–" : percent),
    ]);
  }
  console.log(head.toString());
  leftOut();
  if (summary.batch1Decode !== null)
    console.log(`Decoding one sequence on devices under 1.1 TB/s: ${percent(summary.batch1Decode)}`);
  for (const by of ["gpu", "model", "engine"] as const) breakdown(result.scored, by);
  console.log("The ten worst groups:");
  const worst = plain({ head: ["table", "group", "rows", "error", "roofline", "rule of thumb"] });
  for (const g of [...summary.groups].sort((a, b) => b.error - a.error).slice(0, 10))
    worst.push([g.table, g.key, g.rows, percent(g.error), percent(g.roofline), percent(g.rule)]);
  console.log(worst.toString());
  console.log("The baselines know no queue: their TTFT is the prefill of one prompt.");
}

/** The record of `npm run fit`, for the measurements that the repository holds: what the constants say of rows they were not fitted on. */
function leftOut(): void {
  if (resolve(values.data ?? "") !== resolve("tests/accuracy/measured")) return;
  const { rows, worst } = record;
  console.log(
    `Recorded by the last fit: ${rows.fitted} rows fitted, ${rows.unstated} leave out what is needed, ${rows.refused} refused. Group median / row median / mean (MAPE) / p90, and the share that 80 % intervals hold:`,
  );
  const out = plain({ head: ["left out together", ...recordedTables] });
  for (const name of ["inSample", "group", "model", "gpu", "architecture", "generation", "publisher"] as const) {
    const cells = recordedTables.map((table) => {
      const h = record[name][table];
      return `${[h.group, h.row, h.mean, h.p90].map((x) => (100 * x).toFixed(0)).join(" / ")} %, ${(100 * h.covered).toFixed(0)} %`;
    });
    out.push([name === "inSample" ? "nothing" : name, ...cells]);
  }
  out.push(["worst", ...recordedTables.map((table) => `${percent(worst[table].group)} (${worst[table].validation})`)]);
  out.push(["shape alone", ...recordedTables.map((table) => percent(worst[table].shape))]);
  console.log(out.toString());
}

/** A table without colour or rules between rows. */
function plain(options: { head: string[] }): InstanceType<typeof Table> {
  return new Table({ ...options, style: { head: [], border: [], compact: true } });
}

function breakdown(scored: readonly Scored[], by: "gpu" | "model" | "engine"): void {
  const out = plain({ head: [by, ...tables] });
  for (const value of [...new Set(scored.map((row) => row[by]))].sort()) {
    const heads = headlines(scored.filter((row) => row[by] === value));
    out.push([value, ...tables.map((table) => (heads[table] ? percent(heads[table].group) : "–"))]);
  }
  console.log(out.toString());
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
