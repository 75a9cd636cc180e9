/** Recorded traffic in a lab: which traces it needs, how they come, and what is said when they don't. */
import { afterEach, describe, expect, it, vi } from "vitest";
import type { PackedTrace } from "../../src/engine/workload/traces/decode.ts";
import { parseLab } from "../../src/lab/definition.ts";
import { fetchTrace, TraceNotLoaded } from "../../src/lab/fetch-trace.ts";
import type { LabJob } from "../../src/lab/protocol.ts";
import { LabSession, type CheckOutcome, type LabView, type RunOutcome, type Services } from "../../src/lab/session.ts";
import type { LabCode, LabSetup } from "../../src/lab/setup.ts";
import { tracesOf } from "../../src/lab/traces.ts";

const shipped = ["one", "two"];
const calls = 'get("trace")';

describe("which traces a lab needs", () => {
  it.each([
    ["none, where code does not call trace", [], "one", []],
    ["those that code spells out", [], `${calls} "two"`, ["two"]],
    ["all, where code works the name out and nothing is declared", [], calls, ["one", "two"]],
    ["what is declared, where code works the name out", ["two"], calls, ["two"]],
    ["what is declared, whatever the code does", ["one"], "", ["one"]],
    ["what is declared and what a learner adds", ["one"], `${calls} "two"`, ["one", "two"]],
  ])("%s", (_, declared, code, needed) => {
    expect(tracesOf(declared, code, shipped)).toEqual(needed);
  });

  it("lab.yaml declares them by name, and a name that does not ship is refused with those that do", () => {
    const yaml = (name: string) => `title: T\nquestion: Q?\nminutes: 1\nsteps: [Do.]\ndebrief: D\ntraces: [${name}]\n`;
    expect(parseLab(yaml("mooncake-conversation"), "lab.yaml").traces).toEqual(["mooncake-conversation"]);
    expect(() => parseLab(yaml("mooncake"), "lab.yaml")).toThrow(/mooncake-conversation/);
  });
});

/** A trace of its own for each test: what has come once is kept by its address. */
let tests = 0;
function file() {
  const name = `trace-${++tests}`;
  const body = JSON.stringify({ name, source: "s", licence: "l", requests: 0, blockTokens: 0, data: "" });
  return { name, body, at: { url: `/generated/${name}.json`, bytes: body.length } };
}

function answerWith(...answers: (() => Response | Promise<Response>)[]) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(url);
    return Promise.resolve((answers[Math.min(asked.length, answers.length) - 1] as () => Response)());
  });
  return asked;
}

const streamOf = (pieces: readonly Uint8Array<ArrayBuffer>[]) =>
  new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });

const noNetwork = () => Promise.reject(new TypeError("Failed to fetch"));

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("fetching a trace", () => {
  it("counts its bytes up to all of them, and asks the network once", async () => {
    const { name, body, at } = file();
    const halves = [body.slice(0, 20), body.slice(20)].map((half) => new TextEncoder().encode(half));
    const asked = answerWith(() => new Response(streamOf(halves)));
    const counted: number[] = [];
    const first = await fetchTrace(name, at, { onBytes: (done) => counted.push(done) });
    expect(counted).toEqual([0, 20, body.length]);
    expect(first.name).toBe(name);
    expect(await fetchTrace(name, at)).toBe(first);
    expect(asked).toEqual([at.url]);
  });

  it.each([
    ["no connection", noNetwork, /no connection.*Connect once for its 1 kB/],
    ["a page older than the site", () => new Response("", { status: 404 }), /older than the site. Reload it/],
    ["a server in trouble", () => new Response("", { status: 503 }), /answers 503/],
    ["a file cut short", () => new Response('{"name":"tr'), /only 11 of its \d+ bytes came/],
    ["something else under its address", () => new Response("<html>"), /could not be loaded/],
  ])("with %s says so, with the next step, and is tried again the next time", async (_, answer, says) => {
    const { name, body, at } = file();
    const asked = answerWith(answer, () => new Response(body));
    const failed = await fetchTrace(name, at).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(TraceNotLoaded);
    expect((failed as Error).message).toMatch(says);
    expect((failed as Error).message).toContain(name);
    expect((await fetchTrace(name, at)).name).toBe(name);
    expect(asked).toHaveLength(2);
  });
});

const nothing = { code: "", map: "" };

function open(fetching: NonNullable<Services["fetchTrace"]>) {
  const jobs: LabJob[] = [];
  const ran: RunOutcome[] = [];
  const checked: CheckOutcome[] = [];
  const said: string[] = [];
  const now: string[] = [];
  const view = {
    activity: (activity: string) => now.push(activity),
    started: () => undefined,
    loading: (what: string) => said.push(what),
    ran: (outcome: RunOutcome) => ran.push(outcome),
    checked: (outcome: CheckOutcome) => checked.push(outcome),
  } as unknown as LabView;
  const services = {
    sandbox: {
      start: (job: LabJob) => {
        jobs.push(job);
        return Promise.resolve({
          ended: Promise.resolve({ kind: "done", exported: { answer: 4 } }),
          stop: () => undefined,
        });
      },
    },
    fetchCode: () => Promise.resolve({ starter: nothing, solution: nothing, checks: nothing } as unknown as LabCode),
    fetchTrace: fetching,
  } as unknown as Services;
  const setup = {
    ...{ id: "lab", starter: "", params: {}, checks: [], seed: 1, parameters: "", limit: 5 },
    prediction: { question: "How many?", unit: "", answer: "answer", tolerance: 0.1, explain: "So." },
    traces: [{ name: "one", requests: 2, source: "s", licence: "l" }],
    urls: { traces: { one: { url: "/one.json", bytes: 4000 }, two: { url: "/two.json", bytes: 1 } } },
  };
  const session = new LabSession(setup as unknown as LabSetup, view, services);
  return { session, jobs, ran, checked, said, now };
}

const one = { name: "one" } as PackedTrace;

describe("a lab that declares a trace", () => {
  it("gives it to the run, to each worker of the check, and to the solution that the prediction is compared with", async () => {
    const { session, jobs } = open(() => Promise.resolve(one));
    await session.run();
    await session.check();
    expect(await session.answer()).toBe(4);
    expect(jobs.map(({ mode, traces }) => [mode, traces])).toEqual([
      ["run", [one]],
      ["check", [one]],
      ["check", [one]],
      ["run", [one]],
    ]);
  });

  it("shows how many of its bytes are here", async () => {
    const { session, said, now } = open((_, { bytes }, { onBytes }) => {
      onBytes?.(1200, bytes);
      return Promise.resolve(one);
    });
    await session.run();
    expect(said).toEqual(["the trace one, 1 of 4 kB"]);
    expect(now).toEqual(["compiling", "loading", "running", "idle"]);
  });

  it("runs and grades nothing where it does not come, says why, and offers to try again", async () => {
    const failing = () => Promise.reject(new TraceNotLoaded("The trace one could not be loaded: so."));
    const { session, jobs, ran, checked } = open(failing);
    await session.run();
    await session.check();
    expect(jobs).toEqual([]);
    expect(ran).toMatchObject([{ problems: [{ text: "The trace one could not be loaded: so.", retry: "run" }] }]);
    expect(checked).toMatchObject([{ passed: false, results: [], problems: [{ retry: "check" }] }]);
    expect(session.busy).toBe(false);
    expect(await session.answer()).toBeNull();
  });

  it("can be stopped while it comes", async () => {
    const { session, jobs, ran } = open(
      (_name, _file, { signal }) =>
        new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new Error("aborted")))),
    );
    const running = session.run();
    await vi.waitFor(() => expect(session.busy).toBe(true));
    await Promise.resolve();
    await vi.waitFor(() => {
      session.stop();
      expect(ran).toHaveLength(1);
    });
    await running;
    expect(ran).toMatchObject([{ ending: { kind: "stopped", by: "learner" }, problems: [] }]);
    expect(jobs).toEqual([]);
  });
});
