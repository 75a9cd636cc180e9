/** The request, the load and the promise, from what was typed. */
import { meanLength } from "../../engine/workload/lengths.ts";
import type { Lengths } from "../../engine/workload/types.ts";
import { readTypedList } from "../tools/read-typed.ts";
import { curves, shares, type CurveName } from "./curves.ts";
import type { Load, Objective } from "./plan.ts";
import type { TextReader } from "./text-reader.ts";

const MOST_TOKENS = 1e7;
/** The standard normal's 95th percentile. */
const Z95 = 1.6448536269514722;

export const lengthKinds = [
  ["point", "one length"],
  ["percentiles", "p50 and p95"],
  ["lognormal", "mean and spread σ"],
  ["uniform", "from … to"],
  ["values", "my own values"],
] as const;

/** One length where an address says what nobody knows. */
export function lengthKind(text: string): (typeof lengthKinds)[number][0] {
  return lengthKinds.find(([kind]) => kind === text)?.[0] ?? "point";
}

export function readLoad(reader: TextReader): Load | null {
  const { typed } = reader;
  const prompt = readLengths(reader, "in", 1);
  const output = readLengths(reader, "out", 0);
  const reasoning = reader.number("reasoning", { least: 0, most: MOST_TOKENS });
  const prefixShare = reader.number("prefix", { least: 0, most: 99, unit: "%" }) / 100;
  const groups = reader.number("groups", { least: 1, most: 1e5, whole: true });
  const callsPerDay = reader.number("calls", { above: 0, most: 1e10 });
  const zone = reader.number("zone", { least: -12, most: 14 });
  const burstiness = reader.number("burstiness", { above: 0, most: 1000 });
  const hours =
    typed.curve === "own"
      ? ownHours(reader)
      : shares(curves[Object.hasOwn(curves, typed.curve) ? (typed.curve as CurveName) : "flat"].hours);
  if (!prompt || !output || !hours) return null;
  const load = {
    prompt,
    promptMean: meanLength(prompt),
    output,
    outputMean: meanLength(output),
    reasoning,
    prefixShare,
    groups,
    callsPerDay,
    hours,
    zone,
    burstiness,
  };
  return [reasoning, prefixShare, groups, callsPerDay, zone, burstiness].some(Number.isNaN) ? null : load;
}

export function readObjective(reader: TextReader): Objective {
  const bound = (field: "ttft" | "tpot" | "e2e") => {
    const value = reader.optional(field, { above: 0, most: 1e7, unit: "ms" });
    return value === undefined || Number.isNaN(value) ? {} : { [field]: value / 1000 };
  };
  const attainment = reader.number("attainment", { least: 1, most: 99.9, unit: "%" }) / 100;
  return {
    slo: { ...bound("ttft"), ...bound("tpot"), ...bound("e2e") },
    attainment: Number.isNaN(attainment) ? 0.95 : attainment,
    per: reader.typed.per === "tokens" ? "tokens" : "gaps",
  };
}

function readLengths(reader: TextReader, field: "in" | "out", least: number): Lengths | null {
  const kind = lengthKind(reader.typed[`${field}Kind`]);
  if (kind === "values") return ownValues(reader, field, least);
  const first = reader.number(field, { least, most: MOST_TOKENS });
  if (kind === "point") return Number.isNaN(first) ? null : { kind: "fixed", value: first };
  const second = `${field}2` as const;
  if (kind === "lognormal") {
    const sigma = reader.number(second, { least: 0, most: 3 });
    if (Number.isNaN(first + sigma)) return null;
    return { kind: "lognormal", median: first * Math.exp((-sigma * sigma) / 2), sigma };
  }
  const other = reader.number(second, { least, most: MOST_TOKENS });
  if (Number.isNaN(first + other)) return null;
  if (other < first) {
    const name = kind === "uniform" ? "the upper end" : "p95";
    reader.wrong(second, `${name} is below ${kind === "uniform" ? "the lower one" : "p50"}, ${first}.`);
    return null;
  }
  if (kind === "uniform") return { kind: "uniform", min: first, max: other };
  if (first === 0) {
    reader.wrong(field, "A p50 of 0 gives no spread: take “from … to” or your own values.");
    return null;
  }
  return { kind: "lognormal", median: first, sigma: Math.log(other / first) / Z95 };
}

function ownValues(reader: TextReader, field: "in" | "out", least: number): Lengths | null {
  if (reader.typed[field].trim() === "") {
    reader.number(field);
    return null;
  }
  const values = numbers(reader, field);
  if (values === null) return null;
  if (values.length < 2) {
    reader.wrong(field, "At least two lengths, such as 120 340 95.");
    return null;
  }
  const bad = values.find((value) => !(value >= least && value <= MOST_TOKENS));
  if (bad !== undefined) {
    reader.wrong(field, `${bad} is no length: from ${least} to ${MOST_TOKENS.toLocaleString("en-GB")} tokens.`);
    return null;
  }
  return { kind: "empirical", values };
}

function numbers(reader: TextReader, field: "in" | "out" | "hours"): readonly number[] | null {
  const read = readTypedList(reader.typed[field]);
  if (!("unclear" in read)) return read;
  reader.wrong(field, `“${read.unclear.slice(0, 30)}” is not one number: put spaces between numbers.`);
  return null;
}

function ownHours(reader: TextReader): number[] | null {
  const hours = numbers(reader, "hours");
  if (hours === null) return null;
  const bad = hours.find((value) => value < 0);
  if (bad !== undefined) {
    reader.wrong("hours", `${bad} is no number of calls: from 0.`);
    return null;
  }
  if (hours.length === 24 && hours.some((value) => value > 0)) return shares(hours);
  reader.wrong("hours", `24 numbers, one an hour from midnight, not all 0; there are ${hours.length}.`);
  return null;
}
