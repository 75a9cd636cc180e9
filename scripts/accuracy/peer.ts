/**
 * `npm run accuracy -- --peer`: the shipped rows beside AIConfigurator (NVIDIA, Apache-2.0), an estimator with tables of measured kernels.
 * It lives outside `npm ci`, in tools/peer: `python3 -m venv tools/peer/.venv && tools/peer/.venv/bin/pip install -r tools/peer/requirements.txt`.
 * What it printed last, with its date, is tests/accuracy/peer.json.
 */
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { problemOf, residual, solutionAt } from "../fit/fit.ts";
import { thetaOf, unknownsOf } from "../fit/plan.ts";
import { leaveOut } from "../fit/validate.ts";
import { parameters } from "../../src/engine/step/parameters.ts";
import { readCase, type Case } from "./case.ts";
import { readRows } from "./csv.ts";
import { tables, type Table } from "./metrics.ts";
import { peerOptions, peerValue, type PeerOptions } from "./peer-points.ts";
import { median } from "./score.ts";

const measured = "tests/accuracy/measured";
const python = "tools/peer/.venv/bin/python";
const recordFile = "tests/accuracy/peer.json";

interface Answer {
  readonly key: string;
  readonly ttft: number;
  readonly tpot: number;
  readonly requestsPerSecond?: number;
  readonly refused?: string;
}

interface Line {
  readonly table: Table;
  readonly group: string;
  readonly ours: number;
  readonly unseen: number;
  readonly peer: number | undefined;
}

/** Asks, prints and writes the record down. */
export async function printPeer(json: boolean): Promise<void> {
  if (!existsSync(python)) {
    console.error(
      `AIConfigurator is not installed: python3 -m venv tools/peer/.venv && tools/peer/.venv/bin/pip install -r tools/peer/requirements.txt`,
    );
    process.exitCode = 2;
    return;
  }
  const cases = readRows(measured)
    .map(readCase)
    .flatMap((read) => ("case" in read && read.case.table !== "memory" ? [read.case] : []));
  const unasked = new Map<string, number>();
  const askable: { index: number; key: string }[] = [];
  const all = new Map<string, PeerOptions>();
  cases.forEach((c, index) => {
    const options = peerOptions(c);
    if (typeof options === "string") {
      const what = options.split(" ")[0]!;
      unasked.set(what, (unasked.get(what) ?? 0) + 1);
      return;
    }
    const key = JSON.stringify(options);
    all.set(key, options);
    askable.push({ index, key });
  });
  const points = spreadOver(all);
  const asked = askable.filter(({ key }) => points.has(key));
  console.error(`${asked.length} rows at ${points.size} points, out of ${askable.length} at ${all.size}`);
  const answers = await ask(points);
  const unseen = withoutTheirGroup(cases);
  const refusals = new Map<string, number>();
  const lines: Line[] = asked.map(({ index, key }) => {
    const c = cases[index]!;
    const answer = answers.get(key);
    const value = answer && answer.refused === undefined ? peerValue(c, answer) : undefined;
    if (value === undefined) {
      const why = answer?.refused?.split(":")[0] ?? "no such metric";
      refusals.set(why, (refusals.get(why) ?? 0) + 1);
    }
    return {
      table: c.table,
      group: [c.model, c.gpu, c.engine, c.metric].join(" "),
      ours: Math.abs(Math.exp(residual(c, parameters.fitted)) - 1),
      unseen: Math.abs(Math.exp(unseen[index]!) - 1),
      peer: value === undefined || !Number.isFinite(value) ? undefined : Math.abs(value / c.scale / c.measured - 1),
    };
  });
  const summary = {
    note: "Same rows, both errors as shares. Written by npm run accuracy -- --peer.",
    peer: "AIConfigurator 0.12.0 (PyPI), silicon databases, newest of each backend",
    date: new Date().toISOString().slice(0, 10),
    rows: cases.length,
    askable: askable.length,
    asked: asked.length,
    notAsked: Object.fromEntries([...unasked].sort()),
    refusedByPeer: Object.fromEntries([...refusals].sort()),
    refusedByUs: 0,
    tables: Object.fromEntries(
      tables.flatMap((table) => {
        const own = lines.filter((line) => line.table === table);
        const both = own.filter((line) => line.peer !== undefined);
        if (both.length === 0) return [];
        const groups = [...new Set(both.map((line) => line.group))];
        const grouped = (of: (line: Line) => number): number =>
          median(groups.map((group) => median(both.filter((line) => line.group === group).map(of))));
        const figures = (of: (line: Line) => number) => ({
          group: share(grouped(of)),
          row: share(median(both.map(of))),
        });
        return [
          [
            table,
            {
              asked: own.length,
              rows: both.length,
              groups: groups.length,
              ours: figures((line) => line.ours),
              unseen: figures((line) => line.unseen),
              peer: figures((line) => line.peer!),
            },
          ],
        ];
      }),
    ),
  };
  writeFileSync(recordFile, `${JSON.stringify(summary, null, 2)}\n`);
  console.log(json ? JSON.stringify(summary) : `${JSON.stringify(summary, null, 2)}\nWritten to ${recordFile}.`);
}

function ask(points: ReadonlyMap<string, PeerOptions>): Promise<Map<string, Answer>> {
  const child = spawn(python, ["-W", "ignore", "tools/peer/estimate.py"], { stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.end(JSON.stringify([...points].map(([key, options]) => ({ key, options }))));
  const answers = new Map<string, Answer>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    const answer = JSON.parse(line) as Answer;
    answers.set(answer.key, answer);
    if (answers.size % 50 === 0) console.error(`${answers.size} of ${points.size}`);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(answers) : reject(new Error(`tools/peer/estimate.py ended with ${code}`)),
    );
  });
}

/** ln(predicted ÷ measured) of ours, without the rows of each one's model on its GPU: the peer was not fitted to them either. */
function withoutTheirGroup(cases: readonly Case[]): Float64Array {
  const unknowns = unknownsOf(cases);
  const problem = problemOf(cases, unknowns);
  return leaveOut(problem, solutionAt(problem, thetaOf(unknowns, parameters.fitted)), "group");
}

/** Points of one deployment that are asked, evenly spread over its loads: loading and interpolating its tables takes a while. */
const perDeployment = 3;

function spreadOver(points: ReadonlyMap<string, PeerOptions>): Map<string, PeerOptions> {
  const deployments = new Map<string, string[]>();
  for (const [key, { model_path, system_name, backend_name, mode }] of points) {
    const deployment = [model_path, system_name, backend_name, mode].join(" ");
    deployments.set(deployment, [...(deployments.get(deployment) ?? []), key]);
  }
  const chosen = [...deployments.values()].flatMap((keys) => {
    const n = Math.min(perDeployment, keys.length);
    return Array.from({ length: n }, (_, k) => keys[Math.floor(((k + 0.5) * keys.length) / n)]!);
  });
  return new Map(chosen.map((key) => [key, points.get(key)!]));
}

function share(value: number): number {
  return Number(value.toFixed(4));
}
