/** Recorded traffic row by row, as Mooncake, Azure, BurstGPT, Vidur and plain tables have it, as requests to replay. */
import type { Row } from "./records.ts";
import type { RequestSpec, Segment } from "./types.ts";

/** Whose names the columns have, in small letters, and how many seconds their unit of time is. */
interface Layout {
  readonly of: string;
  readonly at: string;
  readonly prompt: string;
  readonly output: string;
  readonly unit: number;
}

/**
 * github.com/kvcache-ai/Mooncake (ms), github.com/Azure/AzurePublicDataset (dates), github.com/HPMLL/BurstGPT (s) and
 * github.com/microsoft/vidur (s); ours is in seconds.
 */
const layouts: readonly Layout[] = [
  { of: "Mooncake", at: "timestamp", prompt: "input_length", output: "output_length", unit: 1e-3 },
  { of: "Azure", at: "timestamp", prompt: "contexttokens", output: "generatedtokens", unit: 1 },
  { of: "BurstGPT", at: "timestamp", prompt: "request tokens", output: "response tokens", unit: 1 },
  { of: "Vidur", at: "arrived_at", prompt: "num_prefill_tokens", output: "num_decode_tokens", unit: 1 },
  { of: "plain", at: "arrival", prompt: "prompt", output: "output", unit: 1 },
];
/** Tokens behind each of Mooncake's hash ids. */
const hashedBlock = 512;
const mostTokens = 10_000_000;

export interface Recorded {
  /** In the order of the rows; times from the earliest on. */
  readonly specs: readonly RequestSpec[];
  /** Whose layout it is. */
  readonly of: string;
}

/** Says what is wrong, by throwing: with a column of a row (0-based), or with the table as a whole. */
export interface RecordedFaults {
  cell(row: number, column: string, why: string): never;
  table(why: string): never;
}

export function readRecorded(rows: readonly Row[], fail: RecordedFaults): Recorded {
  if (rows.length === 0) return fail.table("holds no requests");
  const named = rows.map(lowerNames);
  const names = Object.keys(named[0] ?? {});
  const layout = layouts.find(({ at, prompt, output }) => [at, prompt, output].every((name) => names.includes(name)));
  if (!layout)
    return fail.table(
      `has the columns ${names.join(", ")}; it needs arrival (seconds), prompt and output (tokens), ` +
        "or Mooncake's timestamp, input_length, output_length, or Azure's TIMESTAMP, ContextTokens, GeneratedTokens, " +
        "or BurstGPT's Timestamp, Request tokens, Response tokens, or Vidur's arrived_at, num_prefill_tokens, num_decode_tokens",
    );
  const at = named.map((row, i) => timeOf(row[layout.at], layout, (why) => fail.cell(i, layout.at, why)));
  const zero = at.reduce((least, time) => Math.min(least, time), Infinity);
  const specs = named.map((row, i): RequestSpec => {
    const prompt = tokens(row[layout.prompt], (why) => fail.cell(i, layout.prompt, why));
    return {
      at: at[i]! - zero,
      prompt: shared(row["hash_ids"], prompt) ?? prompt,
      output: tokens(row[layout.output], (why) => fail.cell(i, layout.output, why)),
    };
  });
  return { specs, of: layout.of };
}

function lowerNames(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name.trim().toLowerCase(), value]));
}

type Refuse = (why: string) => never;

function timeOf(value: unknown, layout: Layout, refuse: Refuse): number {
  const number =
    typeof value === "number" ? value : typeof value === "string" && value.trim() !== "" ? Number(value) : NaN;
  if (Number.isFinite(number)) return number * layout.unit;
  const date =
    typeof value === "string"
      ? Date.parse(
          `${value
            .trim()
            .replace(" ", "T")
            .replace(/(\.\d{3})\d+/, "$1")
            .replace(/(Z|[+-]\d\d:?\d\d)?$/, "")}Z`,
        )
      : NaN;
  if (Number.isFinite(date)) return date / 1000 + beyondMilliseconds(String(value));
  return refuse(`is ${JSON.stringify(value)}; it must be a number or a date`);
}

/** Azure writes seven digits of a second; dates keep three. */
function beyondMilliseconds(text: string): number {
  const digits = /\.\d{3}(\d+)/.exec(text)?.[1];
  return digits === undefined ? 0 : Number(`0.000${digits}`);
}

/** A request of no tokens is sent with one: no server takes less. */
function tokens(value: unknown, refuse: Refuse): number {
  const number = Number(value);
  if (value === "" || value === null || !Number.isInteger(number) || number < 0 || number > mostTokens)
    return refuse(
      `is ${value === undefined ? "missing" : JSON.stringify(value)}; it must be a whole number of tokens up to ${mostTokens}`,
    );
  return Math.max(1, number);
}

/** Mooncake's prompts share blocks of 512 tokens; the last block is as long as what is left. */
function shared(ids: unknown, prompt: number): Segment[] | undefined {
  if (!Array.isArray(ids) || ids.length === 0) return undefined;
  const segments: Segment[] = [];
  let left = prompt;
  for (const id of ids) {
    if (left <= 0) break;
    segments.push({ id: `block ${String(id)}`, tokens: Math.min(hashedBlock, left) });
    left -= hashedBlock;
  }
  if (left > 0) segments.push({ id: `rest of ${ids.join(" ")}`, tokens: left });
  return segments;
}
