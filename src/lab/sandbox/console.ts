/** The lab's console: keeps what is logged as text with a shape, in batches, with an upper limit. */
import type { ConsoleLevel, ConsoleLine, ConsoleValue } from "../protocol.ts";
import { limits } from "../protocol.ts";

const levels: readonly ConsoleLevel[] = ["log", "info", "warn", "error", "debug"];
const deepest = 4;
const widest = 100;

export interface ConsoleCapture {
  /** Sends what is pending. */
  flush(): void;
}

/** Replaces the console of `scope`; `send` gets batches of lines and how many were dropped at the limit. */
export function captureConsole(
  scope: { console: Console },
  send: (lines: readonly ConsoleLine[], dropped: number) => void,
  later: (task: () => void) => void,
): ConsoleCapture {
  let pending: ConsoleLine[] = [];
  let kept = 0;
  let dropped = 0;
  let scheduled = false;
  const timers = new Map<string, number>();
  const counts = new Map<string, number>();

  const flush = () => {
    scheduled = false;
    if (pending.length === 0 && dropped === 0) return;
    send(pending, dropped);
    pending = [];
    dropped = 0;
  };
  const add = (level: ConsoleLevel, args: readonly unknown[]) => {
    if (kept >= limits.consoleLines) dropped++;
    else {
      kept++;
      pending.push({ level, values: args.slice(0, 50).map(describe) });
    }
    if (!scheduled) {
      scheduled = true;
      later(flush);
    }
  };
  const methods: Record<string, unknown> = {
    table: (value: unknown) => add("log", [value]),
    dir: (value: unknown) => add("log", [value]),
    trace: (...args: unknown[]) => add("log", args),
    assert: (condition: unknown, ...args: unknown[]) => {
      if (condition !== true) add("error", ["Assertion failed", ...args]);
    },
    time: (label = "default") => void timers.set(String(label), performance.now()),
    timeEnd: (label = "default") => {
      const from = timers.get(String(label));
      if (from !== undefined) add("log", [`${String(label)}: ${(performance.now() - from).toFixed(1)} ms`]);
      timers.delete(String(label));
    },
    count: (label = "default") => {
      const n = (counts.get(String(label)) ?? 0) + 1;
      counts.set(String(label), n);
      add("log", [`${String(label)}: ${n}`]);
    },
    group: (...args: unknown[]) => add("log", args),
    groupEnd: () => undefined,
    clear: () => undefined,
  };
  for (const level of levels) methods[level] = (...args: unknown[]) => add(level, args);
  scope.console = methods as unknown as Console;
  return { flush };
}

/** One console argument as text; never throws, whatever the value does. */
export function describe(value: unknown): ConsoleValue {
  let text: string;
  try {
    text = typeof value === "string" ? value : show(value, 0, new Set());
  } catch {
    text = "[a value that cannot be shown]";
  }
  const most = limits.consoleLineCharacters;
  return { kind: kindOf(value), text: text.length > most ? `${text.slice(0, most - 1)}…` : text };
}

function kindOf(value: unknown): ConsoleValue["kind"] {
  if (value === null || value === undefined) return "nothing";
  if (value instanceof Error) return "error";
  const type = typeof value;
  if (type === "bigint") return "number";
  return type === "string" || type === "number" || type === "boolean" ? type : "object";
}

function show(value: unknown, depth: number, above: Set<object>): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return `[function ${value.name || "anonymous"}]`;
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (above.has(value)) return "[circular]";
  if (depth >= deepest) return Array.isArray(value) ? `[… ${value.length}]` : "{…}";
  above.add(value);
  try {
    if (ArrayBuffer.isView(value) && "length" in value) {
      return `${value.constructor.name}(${String(value.length)}) ${list(value as unknown as ArrayLike<unknown>, depth, above)}`;
    }
    if (Array.isArray(value)) return list(value, depth, above);
    if (value instanceof Map) return `Map(${value.size}) {${pairs(value.entries(), " → ", depth, above)}}`;
    if (value instanceof Set) return `Set(${value.size}) ${list([...value], depth, above)}`;
    if (value instanceof Date) return value.toISOString();
    const name = (Object.getPrototypeOf(value) as { constructor?: { name: string } } | null)?.constructor?.name;
    const body = pairs(Object.entries(value), ": ", depth, above);
    return `${name === undefined || name === "Object" ? "" : `${name} `}{${body === "" ? "" : ` ${body} `}}`;
  } finally {
    above.delete(value);
  }
}

function list(values: ArrayLike<unknown>, depth: number, above: Set<object>): string {
  const shown: string[] = [];
  for (let i = 0; i < Math.min(values.length, widest); i++) shown.push(show(values[i], depth + 1, above));
  if (values.length > widest) shown.push(`… ${values.length - widest} more`);
  return `[${shown.join(", ")}]`;
}

function pairs(entries: Iterable<[unknown, unknown]>, between: string, depth: number, above: Set<object>): string {
  const shown: string[] = [];
  for (const [key, value] of entries) {
    if (shown.length >= widest) return `${shown.join(", ")}, …`;
    const name = typeof key === "string" ? key : show(key, depth + 1, above);
    shown.push(`${name}${between}${show(value, depth + 1, above)}`);
  }
  return shown.join(", ");
}
