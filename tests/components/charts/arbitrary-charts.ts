/** Charts as anybody might ask for them: any sizes, names and numbers that the engine takes. */
import fc from "fast-check";
import * as describeChart from "../../../src/engine/chart/index.ts";
import type { Axis, ChartDescription } from "../../../src/engine/chart/types.ts";
import type { Run } from "../../../src/engine/run.ts";
import { makeRun } from "../../engine/metrics/runs.ts";

const name = fc
  .string({ minLength: 1, maxLength: 12 })
  .filter((text) => text.trim() !== "" && !/NaN|undefined/.test(text));
const unit = fc.constantFrom(undefined, "s", "B", "tok/s", "tokens", "%", "$");
const axis = (scale: "linear" | "log"): fc.Arbitrary<Axis> =>
  fc.record({ label: name, unit }).map(({ label, unit: u }) => ({ label, scale, ...(u ? { unit: u } : {}) }));

export interface Values {
  /** A number for an axis of this scale. */
  on(scale: "linear" | "log"): fc.Arbitrary<number>;
}

/** Numbers as measurements have them. */
export const usual: Values = {
  on: (scale) =>
    scale === "log"
      ? fc.double({ min: 1e-6, max: 1e9, noNaN: true })
      : fc.oneof(fc.integer({ min: -50, max: 1000 }), fc.double({ min: -1e6, max: 1e9, noNaN: true })),
};

/** Numbers at the ends of what a number can be. */
export const extreme: Values = {
  on: (scale) => {
    const ends = [5e-324, 1e-310, 2.2e-308, 1e-300, 1, 1 + 2 ** -52, 1e15, 1e300, 1e308, Number.MAX_VALUE];
    const all = scale === "log" ? ends : [0, -0, ...ends, ...ends.map((x) => -x)];
    return fc.oneof(
      fc.constantFrom(...all),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (scale === "log" ? Math.abs(x) || 1 : x)),
    );
  },
};

const scales = fc.constantFrom("linear" as const, "log" as const);

function seriesChart(kind: "line" | "scatter", values: Values): fc.Arbitrary<ChartDescription> {
  return fc.tuple(scales, scales).chain(([sx, sy]) => {
    const point = fc
      .record({
        x: values.on(sx),
        y: values.on(sy),
        band: fc.option(fc.tuple(values.on(sy), values.on(sy))),
        label: fc.option(name),
      })
      .map(({ x, y, band, label }) => ({
        x,
        y,
        ...(band ? { low: Math.min(y, ...band), high: Math.max(y, ...band) } : {}),
        ...(label ? { label } : {}),
      }));
    return fc
      .record({
        title: name,
        x: axis(sx),
        y: axis(sy),
        series: fc.array(fc.record({ name, points: fc.array(point, { maxLength: 60 }) }), {
          minLength: 1,
          maxLength: 5,
        }),
        marks: fc.array(fc.record({ y: values.on(sy), label: name }), { maxLength: 2 }),
      })
      .map((c) => describeChart[kind](c));
  });
}

function distribution(kind: "ecdf" | "percentiles" | "histogram", values: Values): fc.Arbitrary<ChartDescription> {
  return scales.chain((scale) =>
    fc
      .record({
        title: name,
        x: axis(scale),
        samples: fc.array(fc.record({ name, values: fc.array(values.on(scale), { maxLength: 700 }) }), {
          minLength: 1,
          maxLength: 3,
        }),
      })
      .map((c) => describeChart[kind](c)),
  );
}

function categories(kind: "bars" | "waterfall", values: Values): fc.Arbitrary<ChartDescription> {
  return fc.tuple(scales, fc.boolean(), fc.integer({ min: 1, max: 9 })).chain(([scale, stacked, count]) => {
    const value = stacked ? values.on(scale).map(Math.abs) : values.on(scale);
    const column = fc.array(value, { minLength: count, maxLength: count });
    return fc
      .record({
        title: name,
        y: axis(scale),
        categories: fc.array(name, { minLength: count, maxLength: count }),
        series: fc.array(fc.record({ name, values: column }), { minLength: 1, maxLength: 4 }),
      })
      .map((c) => describeChart[kind]({ ...c, stacked }));
  });
}

function grid(values: Values): fc.Arbitrary<ChartDescription> {
  return fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }), scales).chain(([w, h, scale]) => {
    const side = (n: number) => fc.array(values.on("linear"), { minLength: n, maxLength: n });
    const cell = fc.oneof({ arbitrary: values.on(scale), weight: 5 }, { arbitrary: fc.constant(NaN), weight: 1 });
    return fc
      .record({
        title: name,
        x: axis("linear"),
        xs: side(w),
        y: axis("linear"),
        ys: side(h),
        z: axis(scale),
        values: fc.array(cell, { minLength: w * h, maxLength: w * h }),
      })
      .map(({ title, x, xs, y, ys, z, values: cells }) =>
        describeChart.heatmap({ title, x: { ...x, values: xs }, y: { ...y, values: ys }, z, values: cells }),
      );
  });
}

/** A run of a few requests with whatever times. */
function ofRun(kind: "gantt" | "timeline" | "blocks"): fc.Arbitrary<ChartDescription> {
  const request = fc
    .record({
      scheduled: fc.double({ min: 0, max: 50, noNaN: true }),
      wait: fc.double({ min: 0, max: 5, noNaN: true }),
      first: fc.double({ min: 1e-3, max: 5, noNaN: true }),
      rest: fc.double({ min: 0, max: 60, noNaN: true }),
      tokens: fc.integer({ min: 1, max: 400 }),
    })
    .map(({ scheduled, wait, first, rest, tokens }) => ({
      scheduled,
      started: scheduled + wait,
      first: scheduled + wait + first,
      last: scheduled + wait + first + rest,
      prompt: tokens,
      output: tokens,
    }));
  const moment = fc.record({
    step: fc.double({ min: 1e-3, max: 2, noNaN: true }),
    batch: fc.nat(300),
    tokens: fc.nat(9000),
    blocks: fc.nat(40_000),
    waiting: fc.nat(900),
  });
  return fc
    .record({
      requests: fc.array(request, { minLength: 1, maxLength: 40 }),
      moments: fc.array(moment, { minLength: 1, maxLength: 900 }),
    })
    .map(({ requests, moments }) => {
      let now = 0;
      const run: Run = {
        ...makeRun(requests),
        timeline: {
          t: Float64Array.from(moments, ({ step }) => (now += step)),
          batch: Uint32Array.from(moments, (m) => m.batch),
          tokens: Uint32Array.from(moments, (m) => m.tokens),
          blocks: Uint32Array.from(moments, (m) => m.blocks),
          waiting: Uint32Array.from(moments, (m) => m.waiting),
          bound: new Uint8Array(moments.length),
          busy: 1,
        },
      };
      return describeChart[kind](run);
    });
}

export const kinds = [
  "line",
  "scatter",
  "ecdf",
  "percentiles",
  "histogram",
  "bars",
  "waterfall",
  "heatmap",
  "timeline",
  "gantt",
  "blocks",
] as const;

export function arbitraryChart(kind: (typeof kinds)[number], values: Values): fc.Arbitrary<ChartDescription> {
  switch (kind) {
    case "line":
    case "scatter":
      return seriesChart(kind, values);
    case "ecdf":
    case "percentiles":
    case "histogram":
      return distribution(kind, values);
    case "bars":
    case "waterfall":
      return categories(kind, values);
    case "heatmap":
      return grid(values);
    default:
      return ofRun(kind);
  }
}
