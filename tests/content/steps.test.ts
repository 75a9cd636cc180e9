/** Set-up steps say when they were verified, and when that is too long ago. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { daysSince, isStale } from "../../src/components/author/staleness.ts";

const content = new URL("../../content/", import.meta.url);
const steps = parse(readFileSync(new URL("steps.yaml", content), "utf8")) as readonly { id: string; on: string }[];
const guides = readdirSync(new URL("guides/", content)).map((file) =>
  readFileSync(new URL(`guides/${file}`, content), "utf8"),
);

test("each step stands once in steps.yaml and is shown by a guide, and no guide shows another", () => {
  const known = steps.map(({ id }) => id);
  const shown = guides.flatMap((text) => [...text.matchAll(/^<Verified id="([^"]+)" \/>$/gm)].map(([, id]) => id!));
  expect(known).toEqual([...new Set(known)]);
  expect([...new Set(shown)].sort()).toEqual([...known].sort());
});

test("each has a day", () => {
  expect(steps.filter(({ on }) => !/^\d{4}-\d\d-\d\d$/.test(on))).toEqual([]);
});

test("a step is fresh for half a year, and then stays stale", () => {
  expect(isStale("2026-11-28", "2026-11-28T00:00:01Z")).toBe(false);
  expect(isStale("2026-11-28", "2027-05-30T12:00:00Z")).toBe(false);
  expect(isStale("2026-11-28", "2027-05-31T12:00:00Z")).toBe(true);
  fc.assert(
    fc.property(fc.nat(2000), fc.nat(2000), (days, more) => {
      const day = (after: number) => new Date(Date.UTC(2026, 10, 28 + after)).toISOString();
      expect(daysSince("2026-11-28", day(days))).toBe(days);
      if (isStale("2026-11-28", day(days))) expect(isStale("2026-11-28", day(days + more))).toBe(true);
    }),
    { numRuns: 100 },
  );
});
