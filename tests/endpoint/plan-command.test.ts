/** `perflab plan`: a load and goals in; servers, commands and a manifest out. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import type { PlanAnswer, PlanQuestion } from "../../src/engine/plan/types.ts";
import { perflab } from "./cli.ts";

const asked = ["plan", "--request-rate", "4", "--keep", "ttft:p95:800", "--gpus", "l40s", "--as-of", "2026-11-28"];

test("rows as JSON, the same from the file it printed, and the first one as a command and a manifest", async () => {
  const first = await perflab([...asked, "--json"]);
  expect(first.code).toBe(0);
  const { question, answer } = JSON.parse(first.out) as { question: PlanQuestion; answer: PlanAnswer };
  expect(answer.rows.length).toBeGreaterThan(0);
  expect(question.slo.bounds).toEqual([{ metric: "ttft", percentile: 95, seconds: 0.8 }]);
  const folder = await mkdtemp(join(tmpdir(), "perflab-plan-"));
  const file = join(folder, "question.json");
  await writeFile(file, first.out);
  const again = await perflab(["plan", "--question", file, "--json"]);
  await rm(folder, { recursive: true });
  expect((JSON.parse(again.out) as { answer: PlanAnswer }).answer).toEqual(answer);
  const started = await perflab([...asked, "--start", "1", "--as", "sglang"]);
  expect(started.out).toContain(`# ${answer.rows[0]!.id}. Not run.`);
  expect(started.out).toContain("python -m sglang.launch_server");
  const unknown = await perflab([...asked, "--start", "1", "--as", "docker"]);
  expect([unknown.code, unknown.err]).toEqual([
    2,
    expect.stringContaining("Allowed choices are vllm, sglang, kubernetes"),
  ]);
  const manifest = await perflab([...asked, "--start", "1", "--as", "kubernetes"]);
  expect(parseAllDocuments(manifest.out).map((document) => document.errors)).toEqual([[], []]);
});

test("what can't be is said by name: a goal that is none, a row that is not there, a budget that buys nothing", async () => {
  const goal = await perflab(["plan", "--keep", "ttft:95:500"]);
  expect(goal.code).toBe(2);
  expect(goal.err).toContain("write ttft:p95:500");
  const row = await perflab([...asked, "--start", "99"]);
  expect(row.err).toMatch(/--start 99: there (is|are) \d+ rows?/);
  const budget = await perflab([...asked, "--budget", "10"]);
  expect(budget.code).toBe(1);
  expect(budget.out).toContain("raise the budget by $");
});
