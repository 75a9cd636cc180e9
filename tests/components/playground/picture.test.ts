/** What the playground shows is what the engine says, for all requests or for as many as a moving slider allows; the code it hands over says the same. */
import * as esbuild from "esbuild";
import { expect, it } from "vitest";
import * as engine from "../../../src/engine/index.ts";
import { unpackTrace } from "../../../src/engine/workload/traces/decode.ts";
import azure from "../../../src/engine/workload/traces/azure-code-2023.json" with { type: "json" };
import { registerTrace } from "../../../src/engine/workload/trace.ts";
import { configure } from "../../../src/components/playground/configure.ts";
import { examples } from "../../../src/components/playground/examples.ts";
import type { Values } from "../../../src/components/playground/knobs.ts";
import { readOwnTrace } from "../../../src/components/playground/own-trace.ts";
import { picture, requestsWhileMoving } from "../../../src/components/playground/picture.ts";
import { stepByStep, watched } from "../../../src/components/playground/steps.ts";
import { sweep } from "../../../src/components/playground/sweep.ts";
import { toCode, toCsv, toJson } from "../../../src/components/playground/take-away.ts";

const table = unpackTrace(azure);
const view = { from: 0, at: null };
const of = (values: Values, atMost = 200) => picture(configure(values), { table, view, atMost });

it("percentiles, goodput and throughput are those of the engine's own summary", () => {
  const setup = configure({ requests: "200" });
  const shown = picture(setup, { view, atMost: Infinity });
  if (setup.load.kind !== "drawn") throw new Error("drawn");
  const run = engine.simulate(setup.server, setup.load.workload);
  const { ttft, outputTokensPerSecond } = engine.summarize(run);
  expect(shown.ttft.at).toEqual([50, 95, 99].map((q) => ttft.p(q)));
  expect(shown.outputTokensPerSecond).toBe(outputTokensPerSecond);
  expect(shown.good).toEqual(engine.goodput(run, setup.slo));
  expect(shown.charts.map(({ kind }) => kind)).toEqual(["timeline", "gantt", "blocks"]);
  expect(shown.samples.ttft.length).toBe(200);
});

it("while a slider moves no more is simulated than its answers allow, and the picture says of how many", () => {
  const few = requestsWhileMoving(configure({ output: "4000" }).load, undefined);
  expect(few).toBeLessThan(100);
  expect(requestsWhileMoving(configure({ output: "10" }).load, undefined)).toBe(1000);
  const shown = of({ requests: "5000" }, few);
  expect([shown.simulated, shown.wanted]).toEqual([few, 5000]);
});

it("the Gantt chart and the block map show where they are pointed, also beyond a shorter run", () => {
  const setup = configure({ requests: "60" });
  const at = (from: number, share: number | null) =>
    picture(setup, { view: { from, at: share }, atMost: Infinity }).charts;
  expect(at(30, null)[1]!.table.rows[0]![0]).toBe("30");
  expect(at(5000, 1)[1]!.table.rows).toHaveLength(1);
  expect(at(0, 0)[2]!.finding).not.toBe(at(0, 0.3)[2]!.finding);
});

it.each(examples.map((example) => [example.id, example] as const))(
  "the example %s can be simulated, and what it holds differs",
  (_, { values, held }) => {
    const now = of(values, 150);
    expect(now.succeeded).toBeGreaterThan(0);
    for (const each of held) expect(of(each, 150).samples.e2e).not.toEqual(now.samples.e2e);
  },
);

it("a sweep says up to which load the objective holds, and refuses what has none", () => {
  const told: number[] = [];
  const { safe, points, charts } = sweep(configure({ requests: "200", rate: "20" }), undefined, (share) =>
    told.push(share),
  );
  expect(safe).not.toBeNull();
  for (const { load, attainment } of points) if (load <= safe!) expect(attainment).toBeGreaterThanOrEqual(0.9);
  expect(points.find(({ load }) => load > safe!)!.attainment).toBeLessThan(0.9);
  expect(charts).toHaveLength(2);
  expect(told.toSorted((a, b) => a - b)).toEqual(told);
  expect(() => sweep(configure({ "slo-ttft": "", "slo-tpot": "0" }), undefined)).not.toThrow("undefined");
  expect(() => sweep(configure({ "slo-ttft": "0", "slo-tpot": "0" }), undefined)).toThrow("needs an objective");
  expect(() => sweep(configure({ arrivals: "burst" }), undefined)).toThrow("choose arrivals with a rate");
  const users = sweep(configure({ arrivals: "closed", users: "2", requests: "60" }), undefined);
  expect(new Set(users.points.map(({ load }) => load)).size).toBe(users.points.length);
  expect(sweep(configure({ arrivals: "azure-code-2023", requests: "60" }), table).axis).toBe(
    "Times as fast as recorded",
  );
});

it("the steps are those of the first requests, their answers cut, for a rate, for users and for a trace", () => {
  const loads: readonly Values[] = [{}, { arrivals: "closed", replicas: "2" }, { arrivals: "azure-code-2023" }];
  for (const values of loads) {
    const { frames, title } = stepByStep(configure(values), table);
    expect(title).toContain(String(watched.requests));
    expect(frames.length).toBeGreaterThan(watched.answer - 1);
    const map = frames[0]!.panels[2]!;
    expect(map.kind === "blocks" && map.spec.owners.length).toBeLessThan(5000);
  }
});

/** Runs generated code as a lab does, and gives what it printed. */
async function printed(code: string): Promise<unknown[][]> {
  const { code: script } = await esbuild.transform(code, { loader: "ts", format: "cjs" });
  const lines: unknown[][] = [];
  const charts = { ecdf: () => undefined, timeline: () => undefined, gantt: () => undefined };
  const run = new Function("require", "module", "exports", "console", script) as (...given: unknown[]) => void;
  run(() => ({ ...engine, chart: charts }), {}, {}, { log: (...values: unknown[]) => lines.push(values) });
  return lines;
}

it("the code that opens as a lab gives the same figures, for a drawn load, a shipped trace and one's own", async () => {
  registerTrace(azure.name, table);
  const own = readOwnTrace("t", "arrival,prompt,output\n0,812,16\n0.4,95,40\n1.1,3000,8\n").table;
  const cases: readonly (readonly [Values, typeof own | undefined])[] = [
    [{ requests: "50", drafts: "eagle", apart: "", routing: "prefix", replicas: "2", prefix: "100" }, undefined],
    [{ arrivals: "azure-code-2023", speed: "3", requests: "50" }, table],
    [{ arrivals: "own", requests: "2" }, own],
  ];
  for (const [values, recorded] of cases) {
    const setup = configure(values);
    const shown = picture(setup, { table: recorded, view, atMost: Infinity });
    const code = toCode([{ name: "now", setup, picture: shown }], recorded === own ? own : undefined);
    expect(code).toContain("with the same numbers");
    expect(await printed(code), JSON.stringify(values)).toEqual([
      [
        "now",
        {
          "TTFT p99, s": shown.ttft.at[2],
          "TPOT p99, s": shown.tpot.at[2],
          "output tokens/s": shown.outputTokensPerSecond,
          "within the objective": shown.good!.attainment,
        },
      ],
    ]);
  }
});

it("the code says that its numbers are the page's only where they are", () => {
  const claims = (values: Values, atMost: number, own?: typeof table) => {
    const setup = configure(values);
    const taken = { name: "now", setup, picture: picture(setup, { table: own, view, atMost }) };
    return toCode([taken], own).includes("with the same numbers");
  };
  expect(claims({ requests: "50" }, 50)).toBe(true);
  expect(claims({ requests: "50" }, 20)).toBe(false);
  const finer = readOwnTrace("t", "arrival,prompt,output\n0,812,16\n0.123456,95,40\n").table;
  expect(claims({ arrivals: "own", requests: "2" }, 2, finer)).toBe(false);
});

it("CSV has a row a request of each configuration, and JSON the figures with their configuration", () => {
  const setup = configure({ requests: "20" });
  const taken = (name: string) => ({ name, setup, picture: picture(setup, { view, atMost: Infinity }) });
  const lines = toCsv([taken("now"), taken("A")])
    .trim()
    .split("\n");
  expect(lines).toHaveLength(41);
  expect(new Set(lines.map((line) => line.split(",").length))).toEqual(new Set([13]));
  const { configurations, figures } = toJson([taken("now")]) as {
    configurations: { server: unknown; figures: { ttft: unknown } }[];
    figures: string;
  };
  expect(figures).toBe("simulated");
  expect(configurations[0]!.server).toEqual(setup.server);
  expect(JSON.parse(JSON.stringify(configurations[0]!.figures.ttft))).toMatchObject({
    mean: expect.any(Number) as number,
  });
});
