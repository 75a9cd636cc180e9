/** A clock's offset, read from whole seconds: always within the stated error, close after a few probes, and wide where the source is not steady. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { OffsetEstimate, offsetText } from "../../src/endpoint/clock-offset.ts";
import { measureClock } from "../../src/endpoint/node/measure-clock.ts";
import { wall } from "../../src/endpoint/node/node-clock.ts";
import type { MeasuringFlags } from "../../src/server/commands/measuring.ts";
import { checkShardFlags, shardOptionsOf } from "../../src/server/commands/shard-options.ts";

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

const nobody = { label: "m", baseUrl: "http://127.0.0.1:9/v1", model: "m" };

/** Calls back with the address of a server whose clock is `ahead` seconds off, or that tells no time. */
async function withClock(ahead: number | undefined, use: (url: URL) => Promise<void>): Promise<void> {
  const server: Server = createServer((_request, response) => {
    response.sendDate = false;
    if (ahead !== undefined) response.setHeader("date", new Date((wall() + ahead) * 1000).toUTCString());
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await use(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
  } finally {
    server.close();
  }
}

test("a real source's offset is found over HTTP, within its error", () =>
  withClock(5, async (url) => {
    const found = (await measureClock({ target: nobody, url, source: "it", probes: 2 }))!;
    expect(Math.abs(found.offset - 5)).toBeLessThanOrEqual(found.error + 0.002);
  }));

test("a source without a Date, or none at all, gives no offset", async () => {
  await withClock(undefined, async (url) => {
    expect(await measureClock({ target: nobody, url, source: "it", probes: 2 })).toBeUndefined();
  });
  const url = new URL("http://127.0.0.1:9/");
  expect(await measureClock({ target: nobody, url, source: "it", probes: 2 })).toBeUndefined();
});

test("--time-source sets the start: by its clock, not by this machine's; without one the offset is only told", async () => {
  const { signal } = new AbortController();
  await withClock(5, async (timeSource) => {
    const flags = { shard: { index: 0, of: 2 }, startAt: wall() + 60, clockProbes: 1, timeSource } as MeasuringFlags &
      Parameters<typeof shardOptionsOf>[0];
    const { startAt, shard, salt } = await shardOptionsOf(flags, nobody, {}, signal);
    expect(flags.startAt! - startAt!).toBeCloseTo(shard!.clock!.offset, 5);
    expect(shard!.startAt).toBe(flags.startAt);
    const { timeSource: _, ...own } = flags;
    const other = await shardOptionsOf({ ...own, shard: { index: 1, of: 2 }, clockProbes: 0 }, nobody, {}, signal);
    expect([other.startAt, other.salt]).toEqual([flags.startAt, salt]);
  });
});

test("a time source that gives no Date, or that nobody asks, is refused", async () => {
  const { signal } = new AbortController();
  const flags = { startAt: wall() + 60, clockProbes: 1 } as MeasuringFlags & Parameters<typeof shardOptionsOf>[0];
  await withClock(undefined, async (timeSource) => {
    await expect(shardOptionsOf({ ...flags, timeSource }, nobody, {}, signal)).rejects.toThrow(/gave no Date/);
    expect(() => checkShardFlags({ ...flags, timeSource, clockProbes: 0 })).toThrow(/needs probes/);
  });
});
