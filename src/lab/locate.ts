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

/** `map`: the source map that came with the compiled code. */
export function locateError(error: LabError, map: string): LocatedError {
  const trace = new TraceMap(map);
  const places: Place[] = [];
  const frames: string[] = [];
  for (const line of error.stack.split("\n")) {
    // Chromium "at f (lab:main.js:3:14)", Firefox and WebKit "f@lab:main.js:3:14".
    const found =
      /(?:at (?:async )?(?<chromium>[^(\s]+) \(|(?<others>[^@\s]+)@)?lab:main\.js:(?<line>\d+):(?<column>\d+)/.exec(
        line,
      );
    if (found?.groups === undefined) continue;
    const at = originalPositionFor(trace, {
      line: Number(found.groups["line"]),
      column: Number(found.groups["column"]) - 1,
    });
    if (at.source === null || !at.source.startsWith("lab:")) continue;
    const place = { file: at.source.slice("lab:".length), line: at.line, column: at.column + 1 };
    const caller = found.groups["chromium"] ?? found.groups["others"];
    places.push(place);
    frames.push(`${caller === undefined ? "" : `${caller}, `}${place.file}:${place.line}:${place.column}`);
  }
  const [place] = places;
  return { name: error.name, message: hintOf(error), ...(place === undefined ? {} : { place }), frames };
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
