/** What a lab session does with the target that was chosen, against a sandbox that would pass anything. */
import { expect, it } from "vitest";
import { LabSession, type CheckOutcome, type LabView, type RunOutcome, type Services } from "../../src/lab/session.ts";
import type { CheckResult, LabJob } from "../../src/lab/protocol.ts";
import type { LabCode, LabSetup } from "../../src/lab/setup.ts";

const nothing = { code: "", map: "" };
const solution = { code: "the solution", map: "" };
const names = ["counts the tokens", "matches the simulated server"];

function open(results: readonly CheckResult[], exported: Readonly<Record<string, number>> = {}) {
  const jobs: LabJob[] = [];
  const checked: CheckOutcome[] = [];
  const ran: RunOutcome[] = [];
  const view = {
    activity: () => undefined,
    started: () => undefined,
    ran: (outcome: RunOutcome) => ran.push(outcome),
    checked: (outcome: CheckOutcome) => checked.push(outcome),
  } as unknown as LabView;
  const code = { starter: nothing, solution, checks: nothing, checkNames: names } as unknown as LabCode;
  const services = {
    sandbox: {
      start: (job: LabJob, { onMessage }: { onMessage(message: unknown): void }) => {
        jobs.push(job);
        for (const result of results) onMessage({ type: "check", result });
        return Promise.resolve({ ended: Promise.resolve({ kind: "done", exported }), stop: () => undefined });
      },
    },
    fetchCode: () => Promise.resolve(code),
  } as unknown as Services;
  const prediction = { question: "How many?", unit: "", answer: "answer", tolerance: 0.1, explain: "So." };
  const setup = { id: "lab", starter: "", params: {}, checks: names, seed: 1, parameters: "", limit: 5, prediction };
  const session = new LabSession(setup as unknown as LabSetup, view, services);
  return { session, jobs, checked, ran };
}

it("neither runs nor grades on the simulated server while the chosen endpoint is not complete", async () => {
  const { session, jobs, checked, ran } = open(names.map((name) => ({ name, outcome: "passed", seed: 1 })));
  session.targetMissing = "Choose a model of the endpoint first.";
  await session.check();
  await session.run();
  expect(jobs).toEqual([]);
  expect(checked).toMatchObject([{ passed: false, results: [], problems: [{ text: session.targetMissing }] }]);
  expect(ran).toMatchObject([{ measured: false, problems: [{ text: session.targetMissing }] }]);
});

it("grades a measured target as measured", async () => {
  const { session, jobs, checked } = open([
    { name: names[0]!, outcome: "passed", seed: 1 },
    { name: names[1]!, outcome: "notGraded", seed: 1 },
  ]);
  session.target = { label: "m", baseUrl: "http://127.0.0.1:1/v1", model: "m" } as never;
  await session.check();
  expect(jobs.length).toBeGreaterThan(0);
  expect(jobs.every(({ mode, measured }) => mode === "check" && measured)).toBe(true);
  expect(checked).toMatchObject([{ passed: true, results: [{ outcome: "passed" }, { outcome: "notGraded" }] }]);
});

it("is not passed where nothing was graded", async () => {
  const { session, checked } = open(names.map((name) => ({ name, outcome: "notGraded", seed: 1 })));
  await session.check();
  expect(checked).toMatchObject([{ passed: false }]);
});

it("takes the prediction's truth from the solution, never from the learner's code", async () => {
  const { session, jobs } = open([], { answer: 0.54 });
  session.code = "export const answer = 30.5;";
  expect(await session.answer()).toBe(0.54);
  expect(jobs).toMatchObject([{ mode: "run", code: "the solution" }]);
});

it("has no truth where the solution gives no number", async () => {
  expect(await open([], { answer: NaN }).session.answer()).toBeNull();
  expect(await open([], { other: 1 }).session.answer()).toBeNull();
});
