/** The knobs: each reaches the engine, comes back from the address, and says beside itself what it can't hold. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/engine/errors.ts";
import { unpackTrace } from "../../../src/engine/workload/traces/decode.ts";
import azure from "../../../src/engine/workload/traces/azure-code-2023.json" with { type: "json" };
import { configure, knobAtFault } from "../../../src/components/playground/configure.ts";
import { fromHash, toHash } from "../../../src/components/playground/hash.ts";
import { isActive, knobs, tidied, type Knob, type Values } from "../../../src/components/playground/knobs.ts";
import { picture } from "../../../src/components/playground/picture.ts";
import { quickEstimate } from "../../../src/components/playground/quick-estimate.ts";
import { positionOf, positions, valueAt } from "../../../src/components/playground/slide.ts";

const table = unpackTrace(azure);
const view = { from: 0, at: null };

/** What must stand elsewhere for a knob to act. */
const stage: Readonly<Record<string, Values>> = {
  burstiness: { arrivals: "gamma" },
  from: { arrivals: "ramp" },
  to: { arrivals: "ramp" },
  seconds: { arrivals: "ramp" },
  users: { arrivals: "closed" },
  think: { arrivals: "closed" },
  speed: { arrivals: "azure-code-2023" },
  groups: { prefix: "500" },
  zipf: { prefix: "500" },
  pause: { turns: "3" },
  "long-adaptive": { "long-prefill": "256" },
  reserve: { allocator: "reserve" },
  "load-bound": { routing: "prefix" },
  "prefill-gpus": { apart: "yes" },
  "decode-gpus": { apart: "yes" },
  link: { apart: "yes" },
  "draft-tokens": { drafts: "eagle" },
  acceptance: { drafts: "eagle" },
  "draft-cost": { drafts: "eagle" },
  "pause-length": { "pause-every": "3" },
  ep: { model: "mixtral-8x7b", tp: "4" },
  watermark: { blocks: "4000" },
};

/** Another value than the one at the start. */
function moved(knob: Knob): string {
  if (knob.kind === "choice") return knob.options.find(([value]) => value !== knob.initial && value !== "own")![0];
  const particular: Readonly<Record<string, string>> = {
    duration: "1000",
    "pause-length": "0.5",
    memory: "0.7",
    ep: "2",
    pp: "2",
    context: "4000",
    watermark: "0.1",
    requests: "20",
    "prefill-interval": "2",
    "slo-ttft": "900",
    "slo-tpot": "40",
    "slo-e2e": "9000",
    acceptance: "0.3",
    "prompt-most": "900",
    "output-most": "300",
  };
  return particular[knob.id] ?? (knob.initial === "3" ? "4" : "3");
}

describe.each(knobs.map((knob) => [knob.id, knob] as const))("the knob %s", (id, knob) => {
  it("reaches the engine, which takes it", () => {
    const before: Values = { requests: "30", ...stage[id] };
    const after = { ...before, [id]: moved(knob) };
    expect(isActive(knob, after)).toBe(true);
    expect(JSON.stringify(configure(after))).not.toBe(JSON.stringify(configure(before)));
    const { simulated } = picture(configure(after), { table, view, atMost: 30 });
    expect(simulated).toBe(id === "requests" ? 20 : 30);
  });
});

it("what a knob can't hold is said of that knob, and what the engine can't take of the one it is about", () => {
  const fault = (values: Values): string | null => {
    try {
      picture(configure(values), { view, atMost: 20 });
      return "none";
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return knobAtFault(error.field);
    }
  };
  expect(fault({ rate: "fast" })).toBe("rate");
  expect(fault({ rate: "0" })).toBe("rate");
  expect(fault({ requests: "1.5" })).toBe("requests");
  expect(fault({ seqs: "0" })).toBe("seqs");
  expect(fault({ tp: "16", model: "qwen2.5-0.5b" })).toBe("tp");
  expect(fault({ ep: "2" })).toBe("ep");
  expect(fault({ engine: "sglang", version: "0.11" })).toBe("version");
  // The model and the GPUs together.
  expect(fault({ model: "llama-3.1-70b" })).toBeNull();
  expect(fault({})).toBe("none");
});

it("numbers are read as people write them", () => {
  expect(configure({ prompt: "2,000", "prompt-shape": "fixed" }).load).toMatchObject({
    workload: { prompt: { value: 2000 } },
  });
  expect(configure({ rate: "2,5" }).load).toMatchObject({ workload: { arrivals: { rate: 2.5 } } });
  expect(configure({ "slo-ttft": "250" }).slo.ttft).toBe(0.25);
  expect(configure({ "slo-ttft": "0", "slo-tpot": "", "slo-e2e": "" }).slo).toEqual({});
});

const anyValues = fc
  .dictionary(
    fc.constantFrom(...knobs.map(({ id }) => id)),
    fc.oneof(fc.string({ maxLength: 12 }), fc.integer({ min: 0, max: 9999 }).map(String)),
  )
  .map((values) => tidied(Object.entries(values)));

it("the address alone brings everything back", () => {
  fc.assert(
    fc.property(
      anyValues,
      fc.array(anyValues, { maxLength: 3 }),
      fc.nat(5000),
      fc.option(fc.integer({ min: 0, max: 100 })),
      (values, held, from, at) => {
        const state = {
          values,
          held,
          view: { from, at: at === null ? null : at / 100 },
          trace: "abc_-1",
          traceName: "my trace & more",
        };
        expect(fromHash(new URLSearchParams(toHash(state).toString()))).toEqual(state);
      },
    ),
    { numRuns: 60 },
  );
});

it("an address with what is no knob, or no option of it, is the default", () => {
  expect(fromHash(new URLSearchParams("nonsense=1&gpu=abacus&rate=12&view-at=7&view-from=-1"))).toMatchObject({
    values: {},
    view: { from: 0, at: null },
    held: [],
  });
});

it("a slider stands where its value is, and its ends are its ends", () => {
  for (const knob of knobs) {
    if (knob.kind !== "number" || knob.slide === undefined) continue;
    expect(valueAt(0, knob), knob.id).toBeCloseTo(knob.slide.from, 6);
    expect(valueAt(positions, knob), knob.id).toBeCloseTo(knob.slide.to, 6);
    for (const position of [0, 31, 100, 173, positions]) {
      const value = valueAt(position, knob);
      expect(value, knob.id).toBeGreaterThanOrEqual(knob.least);
      expect(value, knob.id).toBeLessThanOrEqual(knob.most);
      // Where few whole numbers share many positions, the nearest one is taken.
      if (knob.whole !== true)
        expect(Math.abs(positionOf(value, knob.slide) - position), knob.id).toBeLessThanOrEqual(1);
    }
  }
});

it("there is an estimate at once for a rate, for users and for a trace, and none for a burst", () => {
  const of = (values: Values) => quickEstimate(configure(values), table);
  expect(of({})!.ttft.value).toBeGreaterThan(0);
  expect(of({})!.capacity!.value).toBeGreaterThan(12);
  expect(of({ rate: "500" })!.stable).toBe(false);
  expect(of({ arrivals: "closed" })!.tpot.value).toBeGreaterThan(0);
  expect(of({ arrivals: "azure-code-2023" })!.ttft.value).toBeGreaterThan(0);
  expect(of({ arrivals: "burst" })).toBeNull();
});
