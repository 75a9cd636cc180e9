/** An error of a lab's code in words for its author, with its place in the author's own file. */
import type { Compiled } from "./compile/compiler.ts";
import type { Fault } from "./fault.ts";
import { locateError, type LocatedError } from "./locate.ts";
import type { CheckResult, LabError } from "./protocol.ts";

interface Ran {
  /** The lab's folder, from the root of the repository. */
  readonly at: string;
  /** What `code` was compiled from: "solution.ts". */
  readonly file: string;
  readonly code: Compiled;
  readonly checks: Compiled;
}

/** `where`: in which run, " while it is checked"; empty for an ordinary one. */
export function thrownFault(error: LabError, { at, file, code, checks }: Ran, where: string): Fault {
  const script = scriptOf(error);
  const located = locateError(error, script === "checks" ? checks.map : code.map, script);
  const said = error.name === "Thrown" ? located.message : `${error.name}: ${located.message}`;
  const own = script === "checks" || /^checks\.ts /.test(error.message) ? "checks.ts" : file;
  const says =
    own === "checks.ts" && located.place === undefined
      ? error.message.replace(/^checks\.ts /, "")
      : `ends with an error${where}: ${said}`;
  return { ...placed(at, own, located), says };
}

/** A check that ended with an error of its own, or of what it called. `where`: on which seeds, or on what. */
export function checkThrewFault(result: CheckResult, at: string, checks: Compiled, where: string): Fault {
  const error = result.error!;
  const inCheck = result.atFault === true || scriptOf(error) === "checks";
  const located = locateError(
    error,
    inCheck ? checks.map : '{"version":3,"sources":[],"names":[],"mappings":""}',
    inCheck ? "checks" : "main",
  );
  const says = `The check "${result.name}" ends with an error on ${where}: ${error.name}: ${located.message}`;
  return { ...placed(at, "checks.ts", located), says };
}

/** The script in which it was thrown. */
function scriptOf({ stack }: LabError): "main" | "checks" {
  return /lab:(main|checks)\.js/.exec(stack)?.[1] === "checks" ? "checks" : "main";
}

/** `own`: the file that was compiled as main.ts. */
function placed(at: string, own: string, { place }: LocatedError): Pick<Fault, "file" | "line" | "column"> {
  if (place === undefined) return { file: `${at}/${own}` };
  return {
    file: `${at}/${place.file === "main.ts" ? own : place.file}`,
    line: place.line,
    column: place.column,
  };
}
