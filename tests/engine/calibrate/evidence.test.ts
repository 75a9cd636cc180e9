import { describe, expect, it } from "vitest";
import { twinOf } from "../../../src/engine/calibrate/calibrate.ts";
import { curveOf } from "../../../src/engine/calibrate/curve.ts";
import type { Observation } from "../../../src/engine/calibrate/observation.ts";
import { calibrate, type Server } from "../../../src/engine/index.ts";
import { resolveServer } from "../../../src/engine/resolve.ts";
import { truthOf } from "./truth.ts";

const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80", engine: "vllm-v1" };
const small: Server = { ...server, model: "qwen2.5-0.5b" };
const truth = truthOf({ compute: 0.7, weights: 0.8, kv: 0.75, step: 2, sequence: 2, ingress: 2 });

function sweep(loads: readonly number[], prompts: readonly number[], of = server): Observation[] {
  const curve = curveOf(resolveServer(of));
  return loads.flatMap((concurrency) =>
    prompts.map((prompt) => {
      const at = { load: { prompt, output: 256, concurrency }, cached: 0, ingress: true };
      return { ...at, measured: curve(truth, at) };
    }),
  );
}

describe("the evidence of a sweep", () => {
  const wide = twinOf(server, sweep([1, 4, 16, 64, 128], [256, 4096]));
  const narrow = twinOf(server, sweep([1, 2, 3, 4, 5], [256]));
  const left = (twin: typeof wide, name: string): number => twin.evidence.parameters.find((p) => p.name === name)!.left;

  it("grows with loads and lengths: more constants' worth are pinned down, the KV cache's only by long contexts under load", () => {
    expect(wide.evidence.determined).toBeGreaterThan(narrow.evidence.determined + 1);
    expect(wide.evidence.determined).toBeLessThan(wide.evidence.parameters.length);
    // What many measurements have said before leaves little to learn; only where most of a step's bytes are KV does a sweep say more.
    const long = twinOf(server, sweep([1, 2, 4, 8, 16, 32, 64], [256, 8192, 32_768]));
    expect(left(narrow, "kv.hopper")).toBeGreaterThan(0.9);
    expect(left(wide, "kv.hopper")).toBeLessThan(left(narrow, "kv.hopper"));
    expect(left(long, "kv.hopper")).toBeLessThan(0.8);
  });

  it("names as not shown what calibrate calls unidentifiable", () => {
    const hidden = narrow.evidence.parameters.filter(({ shown }) => !shown).map(({ name }) => name);
    expect(hidden).toEqual(narrow.calibration.unidentifiable);
  });

  it("says which way a constant moves a figure: faster weights, shorter steps; slower front end, later first tokens", () => {
    const { parameters, residuals } = wide.evidence;
    const at = (name: string) => parameters.findIndex((p) => p.name === name);
    const light = residuals.filter(({ point }) => point === 0);
    const moves = (metric: string, name: string) => light.find((r) => r.metric === metric)!.moves[at(name)]!;
    expect(moves("tpot", "weights.hopper")).toBeLessThan(-0.3);
    expect(moves("ttft", "ingress.vllm-v1")).toBeGreaterThan(0.1);
    expect(moves("tpot", "kv.hopper")).toBeGreaterThan(-0.1);
  });

  it("lists constants that only their combination shows: of a small model's steps, the sum of what its layers and the step itself cost", () => {
    const { entangled } = twinOf(small, sweep([1, 4, 16, 64, 128], [256], small)).evidence;
    const pair = entangled.find(({ names }) => names.join(" ") === "layer.vllm-v1 step.vllm-v1");
    expect(pair!.correlation).toBeLessThan(-0.8);
    for (const { correlation, names } of [...entangled, ...narrow.evidence.entangled]) {
      expect(Math.abs(correlation)).toBeLessThanOrEqual(1);
      expect(names[0]).not.toBe(names[1]);
    }
  });

  it("sets each measured figure beside what the exported parameters say of its load", () => {
    const { residuals } = wide.evidence;
    expect(residuals).toHaveLength(30);
    const [first] = residuals;
    const model = wide.model({ prompt: 256, output: 256, concurrency: 1 });
    expect(model[first!.metric]).toBeCloseTo(first!.model, 10);
  });

  it("comes with the very calibration that calibrate gives", () => {
    const points = sweep([1, 2, 3, 4, 5], [256]).map(({ load, measured }) => ({ ...load, ...measured }));
    expect(calibrate(server, points).intervals).toEqual(narrow.calibration.intervals);
  });

  it("tells how far a fit is, from 0 to 1 and never back", () => {
    const shares: number[] = [];
    twinOf(server, sweep([1, 2, 3, 4, 5], [256]), (share) => shares.push(share));
    expect(shares.length).toBeGreaterThan(2);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(Math.max(...shares)).toBeLessThanOrEqual(1);
  });
});
