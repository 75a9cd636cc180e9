/** `--trace FILE`: recorded traffic as Mooncake, Azure and plain tables have it. */
import { basename } from "node:path";
import type { RequestTable } from "../../engine/workload/request-table.ts";
import { scriptTable } from "../../engine/workload/script-table.ts";
import type { RequestSpec, Segment } from "../../engine/workload/types.ts";
import { UsageError } from "./exit-codes.ts";
import { readRows, type Row } from "./table-file.ts";

export interface TraceFile {
  readonly name: string;
  readonly table: RequestTable;
}

/** Whose names the columns have, and how many seconds their unit of time is. */
interface Layout {
  readonly is: string;
  readonly at: string;
  readonly prompt: string;
  readonly output: string;
  readonly unit: number;
}

/** github.com/kvcache-ai/Mooncake (ms) and github.com/Azure/AzurePublicDataset (dates); ours is in seconds. */
const LAYOUTS: readonly Layout[] = [
  { is: "Mooncake", at: "timestamp", prompt: "input_length", output: "output_length", unit: 1e-3 },
  { is: "Azure", at: "timestamp", prompt: "contexttokens", output: "generatedtokens", unit: 1 },
  { is: "plain", at: "arrival", prompt: "prompt", output: "output", unit: 1 },
];
/** Tokens behind each of Mooncake's hash ids. */
const HASHED_BLOCK = 512;
const MAX_TOKENS = 10_000_000;

/** Throws UsageError with the file, the row and the column. */
export async function readTrace(file: string): Promise<TraceFile> {
  const rows = (await readRows("--trace", file)).map(lowerNames);
  if (rows.length === 0) throw new UsageError(`--trace ${file} holds no requests`);
  const names = Object.keys(rows[0]!);
  const layout = LAYOUTS.find(({ at, prompt, output }) => [at, prompt, output].every((name) => names.includes(name)));
  if (!layout)
    throw new UsageError(
      `--trace ${file} has the columns ${names.join(", ")}; it needs arrival (seconds), prompt and output (tokens), ` +
        "or Mooncake's timestamp, input_length, output_length, or Azure's TIMESTAMP, ContextTokens, GeneratedTokens",
    );
  const at = rows.map((row, i) => timeOf(row[layout.at], layout, where(file, i, layout.at)));
  const zero = at.reduce((least, time) => Math.min(least, time), Infinity);
  const specs = rows.map((row, i): RequestSpec => {
    const prompt = tokens(row[layout.prompt], where(file, i, layout.prompt));
    return {
      at: at[i]! - zero,
      prompt: shared(row["hash_ids"], prompt) ?? prompt,
      output: tokens(row[layout.output], where(file, i, layout.output)),
    };
  });
  return { name: basename(file), table: scriptTable(specs) };
}

function lowerNames(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name.trim().toLowerCase(), value]));
}

const where = (file: string, row: number, column: string) => `--trace ${file}, row ${row + 1}, ${column}`;

function timeOf(value: unknown, layout: Layout, place: string): number {
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
  throw new UsageError(`${place} is ${JSON.stringify(value)}; it must be a number or a date`);
}

/** Azure writes seven digits of a second; dates keep three. */
function beyondMilliseconds(text: string): number {
  const digits = /\.\d{3}(\d+)/.exec(text)?.[1];
  return digits === undefined ? 0 : Number(`0.000${digits}`);
}

/** A request of no tokens is sent with one: no server takes less. */
function tokens(value: unknown, place: string): number {
  const number = Number(value);
  if (value === "" || !Number.isInteger(number) || number < 0 || number > MAX_TOKENS)
    throw new UsageError(
      `${place} is ${JSON.stringify(value)}; it must be a whole number of tokens up to ${MAX_TOKENS}`,
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
    segments.push({ id: `block ${String(id)}`, tokens: Math.min(HASHED_BLOCK, left) });
    left -= HASHED_BLOCK;
  }
  if (left > 0) segments.push({ id: `rest of ${ids.join(" ")}`, tokens: left });
  return segments;
}
