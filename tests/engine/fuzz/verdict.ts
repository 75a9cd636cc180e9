/** How a call ended: with numbers that can be used, with an error that says what to do, or otherwise. */
import { runInThisContext } from "node:vm";
import { InputError } from "../../../src/engine/errors.ts";

type Method = (...args: unknown[]) => unknown;

/** Milliseconds after which a call counts as one that never ends. */
const NEVER = 20_000;
const HANDLE = "__verdict";

/**
 * Numbers that are no number by design, and why: a time that never came, the mean of nothing, a line that grows for ever.
 * By function, then by the path of the number within the answer.
 */
const byDesign: readonly { readonly of: RegExp; readonly at: RegExp; readonly why: string }[] = [
  {
    of: /^(simulate|ragPipeline)$/,
    at: /(requests|explain|measurement)\.\w+\.\d+$/,
    why: "a request that never got that far has no such time",
  },
  {
    of: /(readResults|mergeRuns)$/,
    at: /requests\.\w+\.\d+$/,
    why: "a request that never got that far has no such time, nor has one of another tool that does not tell it",
  },
  {
    of: /read(Results|Input|Table)$/,
    at: /\.values\.\d+$|^columns\.\d+\.values/,
    why: "NaN is a cell that holds no number",
  },
  { of: /shardPlan$/, at: /^requests\.\d+\.at$/, why: "a later turn leaves when an answer has come" },
  {
    of: /estimate(AtRate|sByRate)$/,
    at: /^(ttft|tpot|e2e|waits)\.\w+$|^(inFlight|load)$/,
    why: "beyond the capacity no answer is ever in time",
  },
  { of: /^ragPipeline$/, at: /^stages\.\w+\.(mean|min|max)$/, why: "a distribution of nothing has no mean" },
  {
    of: /^summarize$/,
    at: /^(ttft|tpot|itl|icl|e2e)\.(mean|min|max)$/,
    why: "a distribution of nothing has no mean",
  },
  { of: /^estimate$/, at: /^tpot\.\w+$/, why: "an answer of one token has no time between tokens" },
  { of: /^chart\.heatmap$/, at: /^spec\.values\.\d+$/, why: "NaN is a cell that nothing is known of" },
  { of: /^expand$/, at: /^\d+\.at$/, why: "in a closed loop a request leaves when an answer has come" },
  { of: /^clamp$/, at: /^max$/, why: "a clamp may have no upper end" },
  {
    of: /^(queueing\.|mm1|md1|erlangC)/,
    at: /^(wait|sojourn|)$/,
    why: "at full utilisation the line grows for ever, and the 100th percentile is never reached",
  },
];

/** "finite", "InputError", or what went wrong in words. */
export function verdictOn(name: string, of: Method, args: readonly unknown[]): string {
  let answer: unknown;
  try {
    answer = ended(() => of(...args));
  } catch (error) {
    if (error instanceof InputError) return sentence(error);
    if (error instanceof Error && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT")
      return "it never ended";
    return `it threw ${error instanceof Error ? (error.stack ?? error.message) : typeof error}`;
  }
  const odd = oddNumber(answer, "", name, objectsIn(args));
  return odd === undefined ? "finite" : `its answer has ${odd}`;
}

/** An InputError must say what is wrong in a line that a person can read. */
function sentence({ message, field }: InputError): string {
  if (typeof field !== "string" || message.length < 10) return `an InputError that says nothing: "${message}"`;
  return message.length > 2000 ? `an InputError of ${message.length} letters` : "InputError";
}

/** Calls, and gives up on what never ends, even where it never lets go of the thread. */
function ended(call: () => unknown): unknown {
  const scope = globalThis as Record<string, unknown>;
  scope[HANDLE] = call;
  try {
    return runInThisContext(`${HANDLE}()`, { timeout: NEVER });
  } finally {
    delete scope[HANDLE];
  }
}

/** What came in is no answer: a run carries the workload and the server that it was given. */
function objectsIn(value: unknown, found = new Set<object>()): Set<object> {
  if (typeof value !== "object" || value === null || found.has(value)) return found;
  found.add(value);
  if (!ArrayBuffer.isView(value)) for (const inner of Object.values(value)) objectsIn(inner, found);
  return found;
}

function oddNumber(value: unknown, path: string, name: string, seen: Set<object>): string | undefined {
  if (typeof value === "number") {
    if (Number.isFinite(value)) return undefined;
    if (byDesign.some(({ of, at }) => of.test(name) && at.test(path))) return undefined;
    return `${value} at "${path}"`;
  }
  if (typeof value !== "object" || value === null || seen.has(value)) return undefined;
  seen.add(value);
  for (const [key, inner] of Object.entries(value)) {
    const odd = oddNumber(inner, path === "" ? key : `${path}.${key}`, name, seen);
    if (odd !== undefined) return odd;
  }
  return undefined;
}
