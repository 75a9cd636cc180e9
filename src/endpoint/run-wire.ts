/** A Run as lines of JSON and back, bit for bit: how it travels from the runner to the page and rests in a file. */
import type { ChunkColumns, Measurement, RequestColumns, Run, Timeline, ItlHistogram } from "../engine/run.ts";

/** Raised when a column is added or changes its meaning. */
export const RUN_WIRE_VERSION = 1;

const COLUMN_TYPES = { Float64Array, Uint32Array, Uint16Array, Uint8Array };
type ColumnType = keyof typeof COLUMN_TYPES;
type Column = Float64Array | Uint32Array | Uint16Array | Uint8Array;
/** Bytes in one line, so that no line grows without bound. A multiple of 24: whole numbers and whole base64 groups. */
const SLICE = 24 * 65_536;

type Line =
  | { readonly type: "run"; readonly version: number; readonly run: Record<string, unknown> }
  | {
      readonly type: "column";
      readonly path: string;
      readonly of: ColumnType;
      readonly length: number;
      readonly from: number;
      readonly data: string;
    }
  | { readonly type: "end" };

/** JSON lines: the plain fields first, then every column in slices of little-endian bytes, then an end mark. */
export function* runLines(run: Run): Generator<string> {
  const columns: [string, Column][] = [];
  const plain = strip(run, "", columns) as Record<string, unknown>;
  yield JSON.stringify({ type: "run", version: RUN_WIRE_VERSION, run: plain } satisfies Line);
  for (const [path, column] of columns) yield* columnLines(path, column);
  yield JSON.stringify({ type: "end" } satisfies Line);
}

function* columnLines(path: string, column: Column): Generator<string> {
  const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
  const of = column.constructor.name as ColumnType;
  for (let from = 0; from === 0 || from < bytes.length; from += SLICE) {
    const data = toBase64(bytes.subarray(from, from + SLICE));
    yield JSON.stringify({ type: "column", path, of, length: column.length, from, data } satisfies Line);
  }
}

/** Takes the lines in order; gives the Run at the end mark. Throws on a version it doesn't know or a malformed line. */
export class RunAssembler {
  #run: Record<string, unknown> | undefined;
  readonly #columns = new Map<string, Column>();

  /** Undefined until the last line. Lines of other types are ignored. */
  push(text: string): Run | undefined {
    const line = JSON.parse(text) as Line;
    if (line.type === "run") {
      if (line.version !== RUN_WIRE_VERSION)
        throw new Error(`This run has format ${line.version}; this version reads format ${RUN_WIRE_VERSION}.`);
      this.#run = line.run;
    } else if (line.type === "column") this.#column(line);
    else if (line.type === "end") return this.#assemble();
    return undefined;
  }

  #column(line: Extract<Line, { type: "column" }>): void {
    if (!Object.hasOwn(COLUMN_TYPES, line.of) || !(line.length >= 0 && line.length <= 1e8))
      throw new Error("A column of this run is malformed.");
    let column = this.#columns.get(line.path);
    if (!column) {
      column = new COLUMN_TYPES[line.of](line.length);
      this.#columns.set(line.path, column);
    }
    new Uint8Array(column.buffer).set(fromBase64(line.data), line.from);
  }

  #assemble(): Run {
    const run = this.#run;
    if (!run) throw new Error("The run ended before it began.");
    for (const [path, column] of this.#columns) put(run, path.split("."), column);
    return run as unknown as Run;
  }
}

function isColumn(value: unknown): value is Column {
  return ArrayBuffer.isView(value) && !(value instanceof DataView) && value.constructor.name in COLUMN_TYPES;
}

/** A copy without its columns, which are collected with their paths. NaN and infinities of plain fields become null. */
function strip(value: unknown, path: string, columns: [string, Column][]): unknown {
  if (isColumn(value)) {
    columns.push([path, value]);
    return undefined;
  }
  if (Array.isArray(value)) return value.map((item, i) => strip(item, `${path}.${i}`, columns));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, strip(item, path === "" ? key : `${path}.${key}`, columns)]),
  );
}

function put(into: Record<string, unknown>, path: readonly string[], column: Column): void {
  let at = into;
  for (const key of path.slice(0, -1)) {
    if (key === "__proto__") throw new Error("A column of this run is malformed.");
    at = (at[key] ??= {}) as Record<string, unknown>;
  }
  at[path.at(-1)!] = column;
}

const PIECE = 0x8000;

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += PIECE) text += String.fromCharCode(...bytes.subarray(i, i + PIECE));
  return btoa(text);
}

export function fromBase64(data: string): Uint8Array {
  const text = atob(data);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Every buffer of a Run, to be moved instead of copied between threads. */
export function runBuffers(run: Run): ArrayBuffer[] {
  const columns: (RequestColumns | ChunkColumns | Timeline | ItlHistogram | Measurement | undefined)[] = [
    run.requests,
    run.chunks,
    run.timeline,
    run.itl,
    run.measurement,
  ];
  const buffers = new Set<ArrayBuffer>();
  for (const group of columns) {
    for (const column of Object.values(group ?? {}))
      if (isColumn(column) && column.buffer instanceof ArrayBuffer) buffers.add(column.buffer);
  }
  return [...buffers];
}
