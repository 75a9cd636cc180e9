/** Is my server slow? One's own point beside what the engine predicts and beside the nearest published measurements. */
import { catalog } from "../../engine/catalog/catalog.ts";
import { InputError } from "../../engine/errors.ts";
import { estimate } from "../../engine/estimate/estimate.ts";
import type { Dtype } from "../../engine/catalog/types.ts";
import type { Ranged } from "../../engine/metrics/types.ts";
import type { Measurement } from "../accuracy/measurements.ts";

export const figures = {
  tpot: { name: "TPOT", unit: "ms", scale: 1e-3, siUnit: "s", lowIsGood: true },
  ttft: { name: "TTFT", unit: "ms", scale: 1e-3, siUnit: "s", lowIsGood: true },
  throughput: { name: "output throughput", unit: "tok/s", scale: 1, siUnit: "tok/s", lowIsGood: false },
} as const;
export type Figure = keyof typeof figures;

/** What somebody measured. `value` in SI; `concurrency`: requests in flight. */
export interface Point {
  readonly model: string;
  readonly gpu: string;
  readonly gpus: number;
  readonly engine: string;
  readonly weights: Dtype | "";
  readonly concurrency: number;
  readonly prompt: number;
  readonly output: number;
  readonly figure: Figure;
  readonly value: number;
}

export interface Judged {
  readonly predicted: Ranged;
  /** Measured ÷ predicted. */
  readonly ratio: number;
  readonly verdict: "slower" | "as expected" | "faster";
  readonly neighbours: readonly Neighbour[];
  /** Share of the neighbours that do better beside their own prediction. */
  readonly better: number;
}
export interface Neighbour {
  readonly row: Measurement;
  /** Measured ÷ predicted. */
  readonly ratio: number;
}

/** Neighbours shown, and how far away one may be: e^distance is a factor in load, prompt and answer together. */
const SHOWN = 8;
const FURTHEST = 4;

/**
 * The point beside its 80 % interval and its neighbours: rows of the same figure on the same model or GPU, nearest in load and lengths.
 * Throws InputError where the point is impossible.
 */
export function judge(point: Point, rows: readonly Measurement[]): Judged {
  if (!(point.value > 0)) throw new InputError("value", point.value, "a number > 0");
  const { model, gpu, gpus, engine, weights, concurrency, prompt, output } = point;
  if (!(Number.isInteger(gpus) && gpus >= 1 && gpus <= 64))
    throw new InputError("gpus", gpus, "a whole number from 1 to 64");
  if (!(concurrency > 0)) throw new InputError("concurrency", concurrency, "a number > 0");
  const told = estimate(
    { model, gpu, tensorParallel: gpus, engine, ...(weights !== "" && { weights }) },
    { prompt, output, concurrency },
  );
  const predicted = { tpot: told.tpot, ttft: told.ttft, throughput: told.outputTokensPerSecond }[point.figure];
  const ratio = point.value / predicted.value;
  const inside = point.value >= predicted.low && point.value <= predicted.high;
  const good = figures[point.figure].lowIsGood ? ratio < 1 : ratio > 1;
  const neighbours = neighboursOf(point, rows);
  const ahead = neighbours.filter((each) =>
    figures[point.figure].lowIsGood ? each.ratio < ratio : each.ratio > ratio,
  );
  return {
    predicted,
    ratio,
    verdict: inside ? "as expected" : good ? "faster" : "slower",
    neighbours,
    better: neighbours.length === 0 ? NaN : ahead.length / neighbours.length,
  };
}

/** The published rows nearest to a point, nearest first: another model costs more distance than another load. */
export function neighboursOf(point: Point, rows: readonly Measurement[]): Neighbour[] {
  const size = parametersOf(point.model);
  const family = catalog.gpus.find(({ id }) => id === point.gpu)?.architecture;
  return rows
    .flatMap((row) => {
      if (row.table !== point.figure || row.predicted === null || row.predicted <= 0) return [];
      if (row.unit !== figures[point.figure].siUnit || /p9\d|total/.test(row.metric)) return [];
      if (row.gpu !== point.gpu && row.family !== family) return [];
      const far =
        (row.gpu === point.gpu ? 0 : 0.7) +
        (row.model === point.model ? 0 : 0.7 + apart(parametersOf(row.model), size)) +
        apart(loadOf(row), point.concurrency) +
        apart(row.prompt, point.prompt) / 2 +
        apart(row.output, point.output) / 2 +
        apart(row.gpus, point.gpus);
      return far <= FURTHEST ? [{ row, far, ratio: row.measured / row.predicted }] : [];
    })
    .sort((a, b) => a.far - b.far)
    .slice(0, SHOWN)
    .map(({ row, ratio }) => ({ row, ratio }));
}

/** Requests in flight, as far as a row tells. */
function loadOf({ load, loadValue }: Measurement): number | null {
  return load === "single" ? 1 : load === "poisson" || load === "saturated" ? null : loadValue;
}

const sizes = new Map(catalog.models.map(({ id, activeParameters }) => [id, activeParameters]));
function parametersOf(id: string): number | null {
  return sizes.get(id) ?? null;
}

/** |log| of a ratio; what is not stated counts as a factor of e. */
function apart(a: number | null, b: number | null): number {
  return a === null || b === null || !(a > 0) || !(b > 0) ? 1 : Math.abs(Math.log(a / b));
}
