import { describe, expect, it } from "vitest";
import { queueing } from "../../../src/engine/metrics/queueing.ts";
import { createRandom } from "../../../src/engine/random.ts";

/** Sojourn times of a simulated line: Lindley's recursion over `servers` servers. */
function simulate(rate: number, servers: number, service: (u: number) => number, n: number): Float64Array {
  const random = createRandom(7, "queue");
  const free = new Float64Array(servers);
  let now = 0;
  return Float64Array.from({ length: n }, () => {
    now += random.exponential() / rate;
    const server = free.indexOf(Math.min(...free));
    free[server] = Math.max(now, free[server]) + service(random.exponential());
    return free[server] - now;
  }).sort();
}

describe("mm1", () => {
  it("doubles the time at half load, and the sojourn is exponential", () => {
    const q = queueing.mm1({ rate: 5, service: 0.1 });
    expect([q.utilisation, q.wait, q.sojourn]).toEqual([0.5, 0.1, 0.2]);
    expect(q.p(50)).toBeCloseTo(0.2 * Math.LN2, 12);
    expect(q.p(99)).toBeCloseTo(0.2 * Math.log(100), 12);
    expect(q.p(0)).toBeCloseTo(0, 15);
  });
});

describe("md1", () => {
  it("waits half as long as mm1", () => {
    for (const rate of [1, 5, 9]) {
      expect(queueing.md1({ rate, service: 0.1 }).wait).toBeCloseTo(queueing.mm1({ rate, service: 0.1 }).wait / 2, 12);
    }
  });
  it("takes one service for those who don't wait, of whom there are 1 − utilisation", () => {
    const q = queueing.md1({ rate: 6, service: 0.1 });
    expect(q.p(40)).toBe(0.1);
    expect(q.p(40.1)).toBeGreaterThan(0.1);
  });
  it.each([0.3, 0.7, 0.85])("has the percentiles of a simulated line at load %f", (load) => {
    const n = 400_000;
    const times = simulate(load, 1, () => 1, n);
    const q = queueing.md1({ rate: load, service: 1 });
    for (const p of [50, 90, 99]) expect(q.p(p) / times[Math.ceil((n * p) / 100) - 1]).toBeCloseTo(1, 1);
  });
  it("keeps its digits at load 0.99, where the textbook's sum has none left", () => {
    const q = queueing.md1({ rate: 0.99, service: 1 });
    // Heavy traffic: the wait is nearly exponential with its mean.
    expect(q.p(99) / (q.wait * Math.log(99))).toBeCloseTo(1, 1);
  });
});

describe("erlangC", () => {
  it("is mm1 for one server", () => {
    const one = queueing.erlangC({ rate: 8, service: 0.1, servers: 1 });
    expect(one.wait).toBeCloseTo(0.4, 12);
    expect(one.p(90)).toBeCloseTo(queueing.mm1({ rate: 8, service: 0.1 }).p(90), 12);
  });
  it("gives the textbook's call centre: 10 erlang on 12 agents, 44.9 % wait", () => {
    const q = queueing.erlangC({ rate: 10, service: 1, servers: 12 });
    expect(q.wait).toBeCloseTo(0.4494 / 2, 3);
  });
  it("has the percentiles of a simulated line", () => {
    const n = 400_000;
    const times = simulate(3.4, 4, (u) => u, n);
    const q = queueing.erlangC({ rate: 3.4, service: 1, servers: 4 });
    for (const p of [50, 90, 99]) expect(q.p(p) / times[Math.ceil((n * p) / 100) - 1]).toBeCloseTo(1, 1);
  });
});

describe("a line at or beyond its capacity", () => {
  it("grows without end", () => {
    for (const q of [
      queueing.mm1({ rate: 10, service: 0.1 }),
      queueing.md1({ rate: 11, service: 0.1 }),
      queueing.erlangC({ rate: 40, service: 0.1, servers: 4 }),
    ]) {
      expect([q.wait, q.sojourn, q.p(50)]).toEqual([Infinity, Infinity, Infinity]);
      expect(q.utilisation).toBeGreaterThanOrEqual(1);
    }
  });
});

describe("little", () => {
  it("multiplies rate and time", () => {
    expect(queueing.little({ rate: 20, time: 0.5 })).toBe(10);
    expect(() => queueing.little({ rate: -1, time: 1 })).toThrow("rate");
  });
});

it("refuses impossible input by name", () => {
  expect(() => queueing.mm1({ rate: NaN, service: 1 })).toThrow("rate");
  expect(() => queueing.md1({ rate: 1, service: 0 })).toThrow("service");
  expect(() => queueing.erlangC({ rate: 1, service: 1, servers: 1.5 })).toThrow("servers");
  expect(() => queueing.mm1({ rate: 1, service: 0.1 }).p(101)).toThrow("q");
});
