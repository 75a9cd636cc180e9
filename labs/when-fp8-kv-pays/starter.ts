import { chart, param } from "perflab";
import { before, lines, tokenBytes, type Format, type Line } from "./measured.ts";

/** Seconds of a step in which so many users each have `context` tokens in the cache. */
export function stepTime(line: Line, users: number, context: number): number {
  return line.fixed + line.perToken * context; // Whose caches does a step read?
}

/** Tokens of cache from which on the second line is the faster one: 0 where it always is, Infinity where it never is. */
export function breakEven(first: Line, second: Line): number {
  return 0; // Yours to write: where do two straight lines cross?
}

/** How many users with so much context fit into so many bytes of cache. */
export function fit(kv: Format, context: number, memory: number): number {
  return Math.floor(memory / (tokenBytes.bf16 * context)); // In whichever format?
}

/** Which format to serve them with: bf16, unless they don't fit in it or a step is at least 5 % shorter with fp8; null where they fit in neither. `memory`: bytes. */
export function choose(users: number, context: number, memory: number): Format | null {
  return "fp8"; // Half the bytes: what could be wrong with that?
}

const memory = param("memory") * 1e9;
const contexts = [1024, 2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072];
chart.line({
  title: "One user, a token after a token",
  x: { label: "Context", unit: "tokens", scale: "log" },
  y: { label: "Time of a step", unit: "s" },
  series: Object.entries(lines).map(([name, line]) => ({
    name,
    points: contexts.map((x) => ({ x, y: stepTime(line, 1, x) })),
  })),
});
const crowds = [1, 2, 4, 8, 16, 32, 64];
chart.heatmap({
  title: "Steps with FP8, as a share of those with bf16",
  x: { label: "Context", unit: "tokens", scale: "log", values: contexts },
  y: { label: "Users", scale: "log", values: crowds },
  z: { label: "FP8 ÷ bf16", unit: "%" },
  values: crowds.flatMap((users) =>
    contexts.map((context) =>
      users > fit("fp8", context, memory)
        ? NaN
        : (100 * stepTime(lines.fp8, users, context)) / stepTime(lines.bf16, users, context),
    ),
  ),
});
const cases: [string, number, number][] = [
  ["chat", 64, 1024],
  ["documents", 16, 32_768],
  ["agent", 4, 131_072],
  ["yours", param("users"), param("context")],
];
chart.table({
  title: "What to serve them with",
  columns: ["Who", "users", "context", "fit in bf16", "fit in fp8", "choice"],
  rows: cases.map(([who, users, context]) => [
    who,
    users,
    context,
    fit("bf16", context, memory),
    fit("fp8", context, memory),
    choose(users, context, memory) ?? "neither fits",
  ]),
});
console.log(`Before the kernels were mended: from ${Math.round(breakEven(lines.bf16, before))} tokens on.`);

// For the prediction, whatever the controls say.
export const paysFrom = breakEven(lines.bf16, lines.fp8);
