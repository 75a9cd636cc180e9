import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/engine/errors.ts";
import { burst, closed, constant, gamma, poisson, ramp } from "../../../src/engine/workload/arrivals.ts";
import { checkRequests } from "../../../src/engine/workload/check.ts";
import { expand, script } from "../../../src/engine/workload/expand.ts";
import {
  checkLengths,
  clamp,
  empirical,
  exponential,
  fixed,
  lognormal,
  sample,
  uniform,
} from "../../../src/engine/workload/lengths.ts";
import type { Arrivals, Lengths, Workload } from "../../../src/engine/workload/types.ts";

const lengths = { prompt: fixed(100), output: fixed(10) };
const times = (arrivals: Arrivals, requests: number, seed = 1): number[] =>
  expand({ arrivals, ...lengths, requests, seed }).map((r) => r.at);
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

function gaps(at: readonly number[]): { mean: number; cv: number } {
  const g = at.slice(1).map((t, i) => t - (at[i] as number));
  const m = mean(g);
  return { mean: m, cv: Math.sqrt(mean(g.map((x) => (x - m) ** 2))) / m };
}

describe("arrivals", () => {
  it("Poisson: exponential gaps at the rate", () => {
    const g = gaps(times(poisson(20), 20_000));
    expect(g.mean).toBeCloseTo(0.05, 2);
    expect(g.cv).toBeCloseTo(1, 1);
  });
  it("gamma: burstiness is the shape, so the gaps' variation is 1/√burstiness (vLLM benchmarks/serve.py)", () => {
    for (const burstiness of [0.25, 1, 4]) {
      const g = gaps(times(gamma(20, burstiness), 40_000));
      expect(g.mean * 20).toBeCloseTo(1, 1);
      expect(g.cv * Math.sqrt(burstiness)).toBeCloseTo(1, 1);
    }
  });
  it("constant, burst and ramp", () => {
    expect(times(constant(4), 3)).toEqual([0, 0.25, 0.5]);
    expect(times(burst(), 3)).toEqual([0, 0, 0]);
    // From 0 to 10 a second in 100 s: 125 in the first half, 375 in the second, then 10 a second.
    const at = times(ramp(0, 10, 100), 5000);
    const between = (from: number, to: number): number => at.filter((t) => t >= from && t < to).length;
    expect(between(0, 50) / 125).toBeCloseTo(1, 0);
    expect(between(50, 100) / 375).toBeCloseTo(1, 0);
    expect(between(100, 400) / 3000).toBeCloseTo(1, 1);
  });
  it("stop at the duration, or at the number, whichever is first", () => {
    const workload: Workload = { arrivals: constant(10), ...lengths, duration: 2 };
    expect(expand(workload)).toHaveLength(20);
    expect(expand({ ...workload, requests: 7 })).toHaveLength(7);
    expect(expand({ ...workload, requests: 700 })).toHaveLength(20);
  });
  it("never go back in time", () => {
    fc.assert(
      fc.property(
        fc.nat(1e6),
        fc.constantFrom(poisson(3), gamma(3, 0.2), constant(3), ramp(1, 9, 20)),
        (seed, arrivals) => {
          const at = times(arrivals, 100, seed);
          at.slice(1).forEach((t, i) => {
            expect(t).toBeGreaterThanOrEqual(at[i] as number);
          });
        },
      ),
    );
  });
});

describe("lengths", () => {
  it("have the means that they say", () => {
    expect(mean(sample(lognormal({ mean: 500, sigma: 0.8 }), 100_000))).toBeCloseTo(500, -1);
    expect(sample(lognormal({ median: 500, sigma: 0.8 }), 100_001).sort()[50_000] as number).toBeCloseTo(500, -1);
    expect(mean(sample(exponential(200), 100_000))).toBeCloseTo(200, -1);
    expect(mean(sample(uniform(10, 20), 100_000))).toBeCloseTo(15, 1);
    expect(new Set(sample(empirical([3, 7]), 1000))).toEqual(new Set([3, 7]));
    expect(Math.max(...sample(clamp(exponential(200), 1, 300), 1000))).toBe(300);
  });
  it("depend on the seed alone", () => {
    expect(sample(exponential(9), 50, 3)).toEqual(sample(exponential(9), 50, 3));
    expect(sample(exponential(9), 50, 3)).not.toEqual(sample(exponential(9), 50, 4));
  });
});

describe("expand", () => {
  it("changing the arrivals leaves the lengths alone", () => {
    const base: Workload = {
      arrivals: poisson(5),
      prompt: exponential(300),
      output: exponential(50),
      requests: 40,
      seed: 8,
    };
    const a = expand(base);
    const b = expand({ ...base, arrivals: burst() });
    expect(a.map((r) => [r.prompt, r.output])).toEqual(b.map((r) => [r.prompt, r.output]));
  });
  it("prefix groups: the popular ones by Zipf's law, with the group's text in front", () => {
    const requests = expand({
      arrivals: burst(),
      ...lengths,
      prefix: { groups: 10, tokens: fixed(64), zipf: 1 },
      requests: 20_000,
      seed: 1,
    });
    const counts = new Map<string | number, number>();
    for (const { prompt } of requests) {
      const [first] = prompt as { id: number; tokens: number }[];
      counts.set((first as { id: number }).id, (counts.get((first as { id: number }).id) ?? 0) + 1);
    }
    const [most, second] = [...counts.values()].sort((a, b) => b - a) as [number, number];
    expect(counts.size).toBe(10);
    expect(most / second).toBeCloseTo(2, 0);
    // H(10) = 2.929: the first group has 1/2.929 of all.
    expect(most / 20_000).toBeCloseTo(1 / 2.929, 1);
  });
  it("a script comes out sorted, whole and equal", () => {
    const specs = [
      { at: 2, prompt: 5, output: 1, priority: 3 },
      { at: 1, prompt: 7, output: 2, cancelAfter: 4 },
    ];
    const [a, b] = expand(script(specs));
    expect(a).toMatchObject({ at: 1, prompt: 7, output: 2, cancelAfter: 4 });
    expect(b).toMatchObject({ at: 2, prompt: 5, output: 1, priority: 3 });
  });
});

describe("what is checked before every simulation", () => {
  /** A field that counts how often a name was made of it. */
  function countedField(): { field: string; readonly names: number } {
    let names = 0;
    const field = { toString: () => (names++, "rows") } as unknown as string;
    return {
      field,
      get names() {
        return names;
      },
    };
  }
  const good = Array.from({ length: 50 }, (_, i) => ({ at: i, prompt: [{ id: "system", tokens: 9 }], output: 1 }));

  it("makes no name for a good request or value, and the right one for a bad", () => {
    const [requests, values] = [countedField(), countedField()];
    checkRequests(requests.field, good);
    expect(requests.names).toBe(0);
    checkLengths(values.field, { kind: "empirical", values: good.map(({ at }) => at) });
    expect(values.names).toBeLessThanOrEqual(1);
    const bad = {
      at: 1,
      prompt: [
        { id: "a", tokens: 1 },
        { id: "b", tokens: 0 },
      ],
      output: 1,
    };
    expect(() => checkRequests("rows", [...good, bad])).toThrow(/^rows\[50\]\.prompt\[1\]\.tokens is 0/);
    expect(() => checkRequests("rows", [...good, { ...bad, out: 1 } as never])).toThrow(/^rows\[50\]\.out is not/);
    expect(() => checkLengths("rows", { kind: "empirical", values: [1, 2, -3] })).toThrow(/^rows\.values\[2\] is -3/);
  });
  it("the values that empirical() checked can't be changed, so they are not checked again", () => {
    const given = [1, 2, 3];
    const lengths = empirical(given) as Extract<Lengths, { kind: "empirical" }>;
    given[0] = -1;
    expect(lengths.values).toEqual([1, 2, 3]);
    expect(() => ((lengths.values as number[])[1] = -1)).toThrow(TypeError);
    const names = countedField();
    checkLengths(names.field, lengths);
    expect(names.names).toBe(0);
  });
});

describe("bad input names field, value and what is allowed", () => {
  it.each([
    [() => poisson(0), /poisson rate is 0/],
    [() => gamma(1, -1), /burstiness is -1/],
    [() => closed(1.5), /closed users is 1.5/],
    [() => ramp(1, 2, 0), /ramp seconds is 0/],
    [() => uniform(5, 4), /uniform max is 4/],
    [() => lognormal({ mean: 5, sigma: -1 }), /sigma is -1/],
    [() => empirical([]), /at least one/],
    [() => clamp(fixed(1), 5, 4), /clamp max is 4/],
    [() => fixed(NaN), /fixed\(n\) is NaN/],
    [() => sample(fixed(1), -1), /sample n is -1/],
    [() => script([]), /at least one request/],
    [() => script([{ at: 0, prompt: 0, output: 1 }]), /script\[0\].prompt is 0/],
    [() => script([{ at: -1, prompt: 1, output: 1 }]), /script\[0\].at is -1/],
    [() => expand({ arrivals: poisson(1), ...lengths }), /requests or duration/],
    [() => expand({ arrivals: poisson(1), ...lengths, requests: 1.5 }), /workload.requests is 1.5/],
    [() => expand({ arrivals: burst(), ...lengths, duration: 5 }), /workload.requests/],
    [
      () => expand({ arrivals: burst(), ...lengths, requests: 5, prefix: { groups: 0, tokens: fixed(1) } }),
      /groups is 0/,
    ],
  ])("%s", (call, message) => {
    expect(call).toThrow(InputError);
    expect(call).toThrow(message);
  });
});
