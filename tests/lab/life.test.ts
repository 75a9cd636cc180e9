/** When a lab has given no sign of life for too long. */
import { describe, expect, it } from "vitest";
import { Life } from "../../src/lab/sandbox/life.ts";

const second = 1000;
const started = (limit: number) => {
  const life = new Life(limit, 0);
  life.answered(0);
  return life;
};

describe("a lab is stopped", () => {
  it("after its limit without a pong, and not before", () => {
    const life = started(10);
    expect(life.asks(1 * second)).toBe(true);
    expect(life.over(10.9 * second)).toBeNull();
    expect(life.over(11.1 * second)).toContain("no sign of life for 10 s");
  });

  it("not while a call reports progress, but after six limits and at least a minute of it", () => {
    const life = started(10);
    life.asks(0);
    for (let t = 1; t < 60; t++) {
      life.busy(t * second);
      expect(life.over((t + 0.5) * second)).toBeNull();
    }
    life.busy(60 * second);
    expect(life.over(60.1 * second)).toContain("busy for 60 s without a pause");
  });

  it("not because its worker takes long to start, within 20 s", () => {
    const life = new Life(1, 0);
    expect(life.asks(5 * second)).toBe(false);
    expect(life.over(19 * second)).toBeNull();
    expect(life.over(21 * second)).toContain("did not start");
  });

  it("not in a tab that sends no pings", () => {
    const life = started(10);
    life.asks(0);
    life.answered(0);
    expect(life.over(100 * second)).toBeNull();
  });

  it("after five minutes in all, measurements not counted", () => {
    const life = started(10);
    life.waits(0);
    expect(life.over(1_000 * second)).toBeNull();
    life.waitedFor(1_000 * second);
    expect(life.over(1_290 * second)).toBeNull();
    expect(life.over(1_310 * second)).toContain("running for 5 minutes");
  });
});
