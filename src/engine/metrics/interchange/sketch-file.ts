/** Reads what `perflab merge` keeps of more requests than can be pooled: sketches of their times. */
import { InputError } from "../../errors.ts";
import { Sketch, type SketchJson } from "../../percentiles/sketch.ts";
import { SKETCH_FORMAT, SKETCH_VERSION, sketchedMetrics } from "../merge/sketched-run.ts";
import { array, finite, numberOr, object, text, type Json } from "./parse.ts";
import type { ToolResult } from "./rows.ts";
import { given, type StatedMetric } from "./stated.ts";

const PERCENTS = [1, 5, 10, 25, 50, 75, 90, 95, 99, 99.9];

export function isSketchFile(json: Json): boolean {
  return json["format"] === SKETCH_FORMAT;
}

/** A summary whose percentiles, those of `percents`, come from the sketches, with their error in what the file lacks. */
export function sketchResult(json: Json, percents: readonly number[] = PERCENTS): ToolResult {
  if (json["version"] !== SKETCH_VERSION)
    throw new InputError("version", json["version"], `${SKETCH_VERSION}, the only one so far`);
  const [counts, stored] = [object(json["counts"], "counts"), object(json["metrics"], "metrics")];
  const sketches = sketchedMetrics.map((name) => [name, readSketch(stored[name], `metrics.${name}`)] as const);
  const total = numberOr(counts["scheduled"]) ?? 0;
  const failed = ["failed", "timedOut", "refused"].reduce((sum, name) => sum + (numberOr(counts[name]) ?? 0), 0);
  const model = text(json["model"]);
  return {
    label: model || "merged shards",
    stated: {
      ...given({
        model: model || undefined,
        succeeded: numberOr(counts["succeeded"]),
        failed,
        cancelled: numberOr(counts["cancelled"]),
        duration: numberOr(json["duration"]),
        requestsPerSecond: numberOr(json["requestsPerSecond"]),
        outputTokensPerSecond: numberOr(json["outputTokensPerSecond"]),
        totalTokensPerSecond: numberOr(json["totalTokensPerSecond"]),
      }),
      metrics: sketches.filter(([, { n }]) => n > 0).map(([name, sketch]) => statedOfSketch(name, sketch, percents)),
    },
    dropped: [],
    missing: [
      errorText(
        total,
        sketches.map(([, sketch]) => sketch),
      ),
      ...array(json["notes"] ?? [], "notes").map(text),
    ],
  };
}

function statedOfSketch(name: string, sketch: Sketch, percents: readonly number[]): StatedMetric {
  const percentiles = percents.filter((q) => q >= sketch.boundFrom).map((q) => [q, sketch.p(q)] as const);
  const { n, mean, min, max } = sketch;
  return { name, unit: "s", from: name, n, mean, min, max, percentiles };
}

function errorText(requests: number, sketches: readonly Sketch[]): string {
  const error = Math.max(...sketches.map(({ accuracy }) => accuracy));
  const from = Math.max(...sketches.map(({ boundFrom }) => boundFrom));
  return (
    `requests: ${requests} are too many to pool, so percentiles come from DDSketches and are within ${+(error * 100).toPrecision(3)} % of the exact ones` +
    (from > 0 ? `; those below p${from.toPrecision(3)} are not given` : "")
  );
}

/** Throws InputError, naming the field at fault. */
function readSketch(value: unknown, field: string): Sketch {
  const json = object(value, field);
  const number = (name: string) => finite(json[name], `${field}.${name}`);
  const bins = array(json["bins"], `${field}.bins`).map((bin) => {
    const [index, count] = array(bin, `a bin of ${field}`);
    return [finite(index, `a bin of ${field}`), finite(count, `a bin of ${field}`)] as const;
  });
  const collapsed = json["collapsed"] === null ? null : number("collapsed");
  const read: SketchJson = {
    accuracy: number("accuracy"),
    maxBins: number("maxBins"),
    n: number("n"),
    sum: number("sum"),
    min: number("min"),
    max: number("max"),
    zeros: number("zeros"),
    collapsed,
    bins,
  };
  return Sketch.from(read);
}
