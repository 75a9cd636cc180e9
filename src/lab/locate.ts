/** Brings a position in compiled code back to the line the learner wrote. */
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { LabError } from "./protocol.ts";

/** 1-based line and column. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface LocatedError {
  readonly name: string;
  readonly message: string;
  /** The learner's innermost frame, if the error passed through their code. */
  readonly place?: Place;
  /** The learner's frames, innermost first: "anatomy, main.ts:7:21". */
  readonly frames: readonly string[];
}

/** Frames that are looked at, and the most letters of one: what a lab sends is not trusted to be a stack. */
const mostFrames = 40;
const mostLetters = 500;

/** `map`: the source map that came with the compiled code, which is the learner's unless `script` says otherwise. */
export function locateError(error: LabError, map: string, script: "main" | "checks" = "main"): LocatedError {
  const trace = traceOf(map);
  const places: Place[] = [];
  const frames: string[] = [];
  for (const line of linesWithFrames(error.stack, script)) {
    const found = frameIn[script].exec(line);
    if (found === null) continue;
    const at = originalPositionFor(trace, {
      line: Math.max(1, Number(found[1])),
      column: Math.max(0, Number(found[2]) - 1),
    });
    if (at.source === null || !at.source.startsWith("lab:")) continue;
    const place = { file: at.source.slice("lab:".length), line: at.line, column: at.column + 1 };
    const caller = callerOf(line.slice(0, found.index));
    places.push(place);
    frames.push(`${caller === "" ? "" : `${caller}, `}${place.file}:${place.line}:${place.column}`);
  }
  const [place] = places;
  return { name: error.name, message: hintOf(error), ...(place === undefined ? {} : { place }), frames };
}

const frameIn = {
  main: /lab:main\.js:(\d{1,9}):(\d{1,9})/,
  checks: /lab:checks\.js:(\d{1,9}):(\d{1,9})/,
} as const;

function linesWithFrames(stack: string, script: string): readonly string[] {
  return stack
    .split("\n", 4 * mostFrames)
    .filter((line) => line.includes(`lab:${script}.js:`))
    .slice(0, mostFrames)
    .map((line) => line.slice(0, mostLetters));
}

/** Before the place, Chromium has "    at async f (", Firefox and WebKit "f@"; nothing where the function has no name. */
function callerOf(before: string): string {
  const text = before.trim();
  if (text.endsWith("@")) return text.slice(0, -1);
  if (!text.endsWith("(")) return "";
  const words = text.slice(0, -1).split(" ");
  return words.find((word) => word !== "" && word !== "at" && word !== "async" && word !== "new") ?? "";
}

let known: { readonly map: string; readonly trace: TraceMap } | null = null;

/** The last map is kept: all errors of a run have the same. */
function traceOf(map: string): TraceMap {
  if (known?.map !== map) known = { map, trace: new TraceMap(map) };
  return known.trace;
}

/** What a lab does not have is asked for often enough to say so. */
function hintOf({ message }: LabError): string {
  const missing =
    /^(?:Can't find variable: )?(fetch|XMLHttpRequest|WebSocket|EventSource|importScripts|document|window|localStorage|indexedDB|eval)\b/.exec(
      message,
    );
  return missing === null
    ? message
    : `${message}. A lab has no network, page or storage: ask for measurements with benchmark(), and show results with chart and console.`;
}
