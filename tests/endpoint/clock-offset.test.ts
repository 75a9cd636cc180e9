/** A clock's offset, read from whole seconds: always within the stated error, close after a few probes, and wide where the source is not steady. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { OffsetEstimate, offsetText } from "../../src/endpoint/clock-offset.ts";

/** Probes a source that is `offset` ahead, over ways that take `there` and `back` seconds. */
function probed(offset: number, ways: readonly (readonly [there: number, back: number])[]) {
  const estimate = new OffsetEstimate();
  let now = 1_800_000_000.123;
  for (const [there, back] of ways) {
    now = estimate.next(now);
    const sent = now;
    const date = Math.floor(sent + there + offset);
    now += there + back;
    estimate.add(date, sent, now);
  }
  return estimate.result("the source")!;
}

const way = fc.double({ min: 0.0001, max: 0.3, noNaN: true });

test("the true offset is always within the stated error", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -100, max: 100, noNaN: true }),
      fc.array(fc.tuple(way, way), { minLength: 1, maxLength: 14 }),
      (offset, ways) => {
        const found = probed(offset, ways);
        expect(Math.abs(found.offset - offset)).toBeLessThanOrEqual(found.error + 1e-6);
      },
    ),
    { numRuns: 100 },
  );
});

test("twelve probes over a fast network find it within 3 ms", () => {
  fc.assert(
    fc.property(fc.double({ min: -100, max: 100, noNaN: true }), (offset) => {
      expect(
        probed(
          offset,
          Array.from({ length: 12 }, () => [0.0005, 0.0005] as const),
        ).error,
      ).toBeLessThan(0.003);
    }),
    { numRuns: 100 },
  );
});

test("a source whose seconds go backwards has an error that covers all it said", () => {
  const estimate = new OffsetEstimate();
  estimate.add(100, 100.5, 100.501);
  estimate.add(103, 101.5, 101.501);
  expect(estimate.done).toBe(true);
  const { offset, error } = estimate.result("x")!;
  expect(offset - error).toBeCloseTo(-0.501, 9);
  expect(offset + error).toBeCloseTo(2.5, 9);
});

test("nothing heard is no offset", () => {
  expect(new OffsetEstimate().result("x")).toBeUndefined();
});

test("the sentence says which clock is behind", () => {
  expect(offsetText({ source: "the endpoint", offset: 0.012, error: 0.004, probes: 9 })).toBe(
    "this machine's clock is 12 ± 4 ms behind the endpoint",
  );
  expect(offsetText({ source: "the endpoint", offset: -2, error: 0.5, probes: 2 })).toMatch(/2000 ± 500 ms ahead of/);
});
