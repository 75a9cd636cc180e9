/** Whatever is in a result file, it is read right or refused in words: no crash, no NaN where a number is shown, no silence. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compare } from "../../../../src/engine/metrics/compare.ts";
import { InputError } from "../../../../src/engine/errors.ts";
import {
  readResults,
  toAiperf,
  toGuidellm,
  toJsonl,
  toVllm,
} from "../../../../src/engine/metrics/interchange/index.ts";
import { summarize } from "../../../../src/engine/metrics/summarize.ts";
import { makeRun } from "../runs.ts";

const folder = new URL("../../../fixtures/results/", import.meta.url);
const small = (name: string) =>
  name !== "README.md" && !name.startsWith("llmperf") && !name.startsWith("guidellm_report");
const run = makeRun([
  {
    scheduled: 0,
    output: 3,
    prompt: 5,
    chunks: [
      [0.1, 1, "content"],
      [0.2, 1, "content"],
      [0.3, 1, "content"],
    ],
  },
  { scheduled: 1, status: "failed" },
]);
const perRequest = [
  {
    start_time: 1,
    end_time: 2,
    request: '{"model": "m"}',
    response: "",
    info: { input_tokens: 5, output_tokens: 2, output_token_times: [1.5, 1.8] },
    error: null,
  },
  {
    start_time: 1.5,
    end_time: 2,
    request: "",
    response: "",
    info: { input_tokens: 5 },
    error: { error_type: "X", error_msg: "no" },
  },
];
const files: string[] = [
  ...readdirSync(folder)
    .filter(small)
    .map((name) => readFileSync(new URL(name, folder), "utf8")),
  toJsonl(run),
  toAiperf(run),
  JSON.stringify(toVllm(run)),
  JSON.stringify(toGuidellm(run)),
  JSON.stringify(perRequest),
];

/** Reads it, or is refused; what is read holds no impossible number. */
function readOrRefused(text: string): void {
  let results;
  try {
    results = readResults(text).results;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message.length).toBeGreaterThan(10);
    return;
  }
  expect(results.length).toBeGreaterThan(0);
  for (const { run, stated, missing } of results) {
    if (!run) expect(missing[0]).toMatch(/\w/);
    for (const metric of stated?.metrics ?? [])
      for (const value of [metric.n ?? 0, metric.mean ?? 0, metric.max ?? 0, ...metric.percentiles.flat()])
        expect(Number.isFinite(value)).toBe(true);
    if (!run) continue;
    const s = summarize(run);
    expect(s.succeeded + s.failed + s.cancelled + s.unsent).toBe(run.requests.count);
    for (const of of [s.ttft, s.tpot, s.itl, s.e2e]) if (of.n > 0) expect(Number.isFinite(of.p(50))).toBe(true);
    for (const row of compare(run, run).rows) expect(row.delta.value).toBe(0);
  }
}

const odd = fc.constantFrom("null", "-1", "1e308", '"x"', "[]", "{}", "NaN", "-Infinity", "true", "1.5", "4294967296");

describe("a result file", () => {
  it("cut off anywhere is read as far as it goes, or refused", () => {
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.double({ min: 0, max: 1, noNaN: true }), (file, share) => {
        readOrRefused(file.slice(0, Math.floor(share * file.length)));
      }),
      { numRuns: 300 },
    );
  });
  it("with any number or text in it made something else is read, or refused", () => {
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.nat(), odd, (file, which, value) => {
        const places = [...file.matchAll(/-?\d+(\.\d+)?(e-?\d+)?|"[^"]*"|null|\[\]/g)];
        const place = places[which % Math.max(1, places.length)];
        if (place) readOrRefused(file.slice(0, place.index) + value + file.slice(place.index + place[0].length));
      }),
      { numRuns: 600 },
    );
  });
  it("with any field gone is read, or refused", () => {
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.nat(), (file, which) => {
        const names = [...file.matchAll(/"(\w+)"\s*:/g)];
        const name = names[which % Math.max(1, names.length)];
        if (name) readOrRefused(`${file.slice(0, name.index)}"gone":${file.slice(name.index + name[0].length)}`);
      }),
      { numRuns: 300 },
    );
  });
  it("of any text or JSON is read, or refused", () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), readOrRefused));
    fc.assert(fc.property(fc.json(), readOrRefused));
    readOrRefused("[".repeat(100_000));
    readOrRefused(`{"ttfts":${"[".repeat(50_000)}`);
  });
});
