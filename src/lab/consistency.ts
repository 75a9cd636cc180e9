/** What must agree within a lab: `targets` and `traces` with the code, the prediction's chart with those drawn, its answer with what is read before it. */
import { shippedTraces } from "../engine/workload/traces/names.ts";
import type { Compiled } from "./compile/compiler.ts";
import type { Fault } from "./fault.ts";
import type { LabSources } from "./lab-sources.ts";
import { placeOf, withoutComments } from "./plain-code.ts";
import type { DrawnChart } from "./proof.ts";
import { replays } from "./traces.ts";
import { toldAnswers, toldBefore } from "./traps.ts";

/** `targets` names an endpoint, and the code measures nothing; or the other way round. */
export function targetFaults({ at, definition, solution, files, lineOf }: LabSources): readonly Fault[] {
  const faults: Fault[] = [];
  const file = `${at}/lab.yaml`;
  const measures = /\b(?:benchmark|openStream)\s*\(/.test(
    withoutComments([solution, ...Object.values(files)].join("\n")),
  );
  if (definition.targets.includes("endpoint") && !measures) {
    faults.push({
      file,
      says: "`targets` names endpoint, but the solution calls neither benchmark nor openStream.",
      line: lineOf(["targets"]),
    });
  }
  if (measures && definition.server === undefined && definition.targets.includes("simulated")) {
    faults.push({
      file,
      says: "`server` is missing.",
      fix: "benchmark and openStream need one to run on while no endpoint is chosen.",
    });
  }
  return faults;
}

/** What is replayed is declared, so that learners are told whose it is and how large; what is declared is replayed. */
export function traceFaults({ at, definition, lineOf }: LabSources, code: readonly Compiled[]): readonly Fault[] {
  const file = `${at}/lab.yaml`;
  const text = code.map((each) => each.code).join("\n");
  const named = replays(text) ? shippedTraces.filter((name) => text.includes(name)) : [];
  const undeclared = named.filter((name) => !definition.traces.includes(name));
  const idle = replays(text) ? [] : definition.traces;
  return [
    ...undeclared.map((name) => ({
      file,
      says: `The code replays ${name}, which \`traces\` does not name.`,
      fix: `Add it: traces: [${[...definition.traces, name].join(", ")}].`,
    })),
    ...idle.map((name) => ({
      file,
      says: `\`traces\` names ${name}, and nothing calls trace.`,
      line: lineOf(["traces"]),
    })),
  ];
}

/** The chart into which the guess is to be drawn is none of `charts`, those that the solution draws, or has no such axis. */
export function chartFaults(
  { at, definition, lineOf }: Pick<LabSources, "at" | "definition" | "lineOf">,
  charts: readonly DrawnChart[],
): readonly Fault[] {
  const chart = definition.prediction?.chart;
  if (chart === undefined) return [];
  const { title, axis } = chart;
  const file = `${at}/lab.yaml`;
  const same = charts.filter((each) => each.title === title);
  if (same.length === 0) {
    const titles = [...new Set(charts.map((each) => `"${each.title}"`))].join(", ");
    return [
      {
        file,
        says: `\`prediction.chart\` names "${title}", and the solution draws no chart of that title.`,
        line: lineOf(["prediction", "chart", "title"]),
        fix: `It draws ${titles === "" ? "none" : titles}.`,
      },
    ];
  }
  if (same.some(({ axes }) => axes.includes(axis))) return [];
  const has = same[0]!.axes[0];
  return [
    {
      file,
      says: `\`prediction.chart\` names the axis ${axis} of "${title}", on which nothing can be marked.`,
      line: lineOf(["prediction", "chart", "axis"]),
      fix:
        has === undefined ? "Name a line, a scatter, bars or a distribution." : `On its axis ${has} something can be.`,
    },
  ];
}

/** Where the prediction's answer can be read before it is guessed. */
export function toldFaults({ at, definition, lineOf, checks }: LabSources, answer: number): readonly Fault[] {
  const { prediction } = definition;
  if (prediction === undefined) return [];
  return toldAnswers(toldBefore(definition, lineOf, checks), answer, prediction.unit).map(
    ({ file, line, says, fix }) => ({
      file: `${at}/${file}`,
      says,
      ...(line !== undefined && { line }),
      ...(fix !== undefined && { fix }),
    }),
  );
}

/** Where checks.ts names a check. */
export function lineOfCheck(checks: string, name: string): Pick<Fault, "line"> {
  const at = ['"', "'", "`"].map((quote) => checks.indexOf(`${quote}${name}${quote}`)).find((i) => i >= 0);
  return at === undefined ? {} : { line: placeOf(checks, at).line };
}
