/** The lab's console: every method that people type, as lines of text with a shape, sent at once and up to a limit. */
import type { ConsoleLevel, ConsoleLine, ConsoleValue } from "../protocol.ts";
import { limits } from "../protocol.ts";
import { formatted } from "./format.ts";
import { inspect, isError } from "./inspect.ts";
import { tabulate } from "./tabulate.ts";

const levels: readonly ConsoleLevel[] = ["log", "info", "warn", "error", "debug"];
/** Dropped lines are reported at most this often, milliseconds. */
const droppedEvery = 250;
const deepestGroup = 20;

export interface ConsoleCapture {
  /** Sends what is pending. */
  flush(): void;
}

/**
 * Replaces the console of `scope`. Each line is sent when it is logged, so that it is seen even if the code never ends; lines
 * beyond the limit are only counted.
 */
export function captureConsole(
  scope: { console: Console },
  send: (lines: readonly ConsoleLine[], dropped: number) => void,
): ConsoleCapture {
  const now = performance.now.bind(performance);
  let kept = 0;
  let dropped = 0;
  let reported = -Infinity;
  let indent = 0;
  const timers = new Map<string, number>();
  const counts = new Map<string, number>();

  const flush = () => {
    if (dropped === 0) return;
    send([], dropped);
    dropped = 0;
    reported = now();
  };
  const put = (line: ConsoleLine) => {
    if (kept < limits.consoleLines) {
      kept++;
      send([{ ...line, ...(indent > 0 && { indent }) }], 0);
      return;
    }
    dropped++;
    if (now() - reported > droppedEvery) flush();
  };
  const add = (level: ConsoleLevel, args: readonly unknown[]) => {
    // What is not kept is not looked at either.
    put({ level, values: kept < limits.consoleLines ? formatted(args.slice(0, 50)).map(describe) : [] });
  };
  const say = (text: string, level: ConsoleLevel = "log") => put({ level, values: [{ kind: "string", text }] });
  const elapsed = (label: string): string | undefined => {
    const from = timers.get(label);
    if (from !== undefined) return `${label}: ${(now() - from).toFixed(1)} ms`;
    say(`Timer "${label}" was not started: console.time("${label}") does that.`, "warn");
    return undefined;
  };
  const group = (...args: unknown[]) => {
    if (args.length > 0) add("log", args);
    indent = Math.min(deepestGroup, indent + 1);
  };

  const methods: Record<string, unknown> = {
    table: (value: unknown, columns?: unknown) => {
      const table = kept < limits.consoleLines ? tabulate(value, columns) : null;
      if (table === null) add("log", [value]);
      else put({ level: "log", values: [{ kind: "object", text: cut(table.text) }], table: table.table });
    },
    dir: (value: unknown) => add("log", [value]),
    dirxml: (...args: unknown[]) => add("log", args),
    trace: (...args: unknown[]) => add("log", ["Trace:", ...args]),
    assert: (condition: unknown, ...args: unknown[]) => {
      if (condition) return;
      const [first, ...rest] = args;
      if (typeof first === "string") add("error", [`Assertion failed: ${first}`, ...rest]);
      else add("error", ["Assertion failed", ...args]);
    },
    time: (label?: unknown) => {
      const name = labelOf(label);
      if (timers.has(name)) say(`Timer "${name}" is running already.`, "warn");
      else timers.set(name, now());
    },
    timeLog: (label?: unknown, ...args: unknown[]) => {
      const said = elapsed(labelOf(label));
      if (said !== undefined) add("log", ["%s", said, ...args]);
    },
    timeEnd: (label?: unknown) => {
      const name = labelOf(label);
      const said = elapsed(name);
      if (said !== undefined) say(said);
      timers.delete(name);
    },
    count: (label?: unknown) => {
      const name = labelOf(label);
      const n = (counts.get(name) ?? 0) + 1;
      counts.set(name, n);
      say(`${name}: ${n}`);
    },
    countReset: (label?: unknown) => {
      const name = labelOf(label);
      if (counts.has(name)) counts.set(name, 0);
      else say(`Count "${name}" was not begun.`, "warn");
    },
    group,
    groupCollapsed: group,
    groupEnd: () => {
      indent = Math.max(0, indent - 1);
    },
    clear: () => {
      indent = 0;
      say("The code cleared the console here; the lines above are kept.", "debug");
    },
    timeStamp: () => undefined,
    profile: () => undefined,
    profileEnd: () => undefined,
  };
  for (const level of levels) methods[level] = (...args: unknown[]) => add(level, args);
  scope.console = methods as unknown as Console;
  return { flush };
}

/** One console argument as text; never throws, whatever the value does. */
export function describe(value: unknown): ConsoleValue {
  return { kind: kindOf(value), text: cut(typeof value === "string" ? value : inspect(value)) };
}

function kindOf(value: unknown): ConsoleValue["kind"] {
  if (value === null || value === undefined) return "nothing";
  if (isError(value)) return "error";
  const type = typeof value;
  if (type === "bigint") return "number";
  return type === "string" || type === "number" || type === "boolean" ? type : "object";
}

function labelOf(label: unknown): string {
  return label === undefined ? "default" : cut(typeof label === "string" ? label : inspect(label)).slice(0, 200);
}

function cut(text: string): string {
  const most = limits.consoleLineCharacters;
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
