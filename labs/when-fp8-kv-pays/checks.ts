import { check, close, exportedFunction, that } from "perflab/checks";
import { lines, type Format, type Line } from "./measured.ts";

type StepTime = (line: Line, users: number, context: number) => number;
type BreakEven = (first: Line, second: Line) => number;
type Fit = (kv: Format, context: number, memory: number) => number;
type Choose = (users: number, context: number, memory: number) => Format | null;

const room = (kv: Format, context: number, memory: number) =>
  Math.floor(memory / ((kv === "bf16" ? 2 : 1) * 2 * 32 * 8 * 128) / context);
const right = ({ fixed, perToken }: Line, users: number, context: number) => fixed + perToken * (users * context);

function rightChoice(users: number, context: number, memory: number): Format | null {
  if (room("fp8", context, memory) < users) return null;
  if (room("bf16", context, memory) < users) return "fp8";
  return right(lines.fp8, users, context) / right(lines.bf16, users, context) <= 0.95 ? "fp8" : "bf16";
}

export default [
  check("A step reads the cache of everybody who is in it", (lab) => {
    const stepTime = exportedFunction<StepTime>(lab, "stepTime(line, users, context)");
    for (const users of [1, 2 + (lab.seed % 60)])
      for (const context of [1024, 3000 + (lab.seed % 50_000)])
        for (const line of Object.values(lines)) {
          const answer = stepTime(line, users, context);
          const expected = right(line, users, context);
          const show = {
            seen: `${ms(answer)} for ${users} users with ${context} tokens`,
            expected: ms(expected),
          };
          that(!(users > 1 && near(answer, right(line, 1, context))), {
            ...show,
            why: "That is the step of one user. Weights are read once for all, caches are read each for itself.",
            hint: "users · context tokens are read.",
          });
          that(!(users > 1 && near(answer, users * right(line, 1, context))), {
            ...show,
            why: "That reads the weights anew for each user. The fixed part is paid once a step.",
          });
          close(answer, expected, {
            relative: 1e-9,
            what: `seconds, ${users} users with ${context} tokens:`,
            why: "The fixed part, and perToken for each token of cache that is read.",
          });
        }
  }),

  check("Two lines cross once, or never", (lab) => {
    const breakEven = exportedFunction<BreakEven>(lab, "breakEven(first, second)");
    const slope = (2 + (lab.seed % 7)) * 1e-8;
    const fixed = (3 + (lab.seed % 5)) * 1e-3;
    const first = { fixed, perToken: slope };
    const later = { fixed: fixed + 2e-4, perToken: slope / 2 };
    const cross = 2e-4 / (slope / 2);
    const answer = breakEven(first, later);
    const show = { seen: `${String(answer)} tokens`, expected: `${Math.round(cross)}` };
    that(!near(answer, 2e-4 / slope), {
      ...show,
      why: "That is as if the second read nothing. What it gains on each token is the difference of the two slopes.",
    });
    that(!near(answer, -cross), { ...show, why: "One of the differences is the wrong way round." });
    close(answer, cross, {
      relative: 1e-6,
      what: "tokens:",
      why: "The fixed part that the second has more, over what it has less for each token.",
      hint: "Set the two times equal and solve for the tokens.",
    });
    for (const [second, expected, why] of [
      [
        { fixed: fixed + 1e-4, perToken: slope },
        Infinity,
        "With the same slope and more to begin with, it never catches up.",
      ],
      [
        { fixed: fixed + 1e-4, perToken: 2 * slope },
        Infinity,
        "With more to begin with and a steeper slope, it never catches up.",
      ],
      [{ fixed: fixed - 1e-4, perToken: slope / 2 }, 0, "It is ahead from the first token on."],
      [{ fixed: fixed - 1e-4, perToken: slope }, 0, "It is ahead from the first token on, and stays so."],
    ] as const)
      close(breakEven(first, second), expected, { absolute: 0, what: "tokens:", why });
  }),

  check("Half the bytes a token, twice the users", (lab) => {
    const fit = exportedFunction<Fit>(lab, "fit(kv, context, memory)");
    const context = 1000 + (lab.seed % 40_000);
    const memory = (8 + (lab.seed % 40)) * 1e9;
    for (const kv of ["bf16", "fp8"] as const) {
      const answer = fit(kv, context, memory);
      const right = room(kv, context, memory);
      const show = { seen: `${answer} users with ${context} tokens in ${kv}`, expected: `${right}` };
      that(!(kv === "fp8" && answer === room("bf16", context, memory)), {
        ...show,
        why: "That is how many fit in bf16. A number takes one byte in FP8 instead of two.",
        hint: "tokenBytes says what a token takes in each format.",
      });
      that(Number.isInteger(answer), { ...show, why: "Nobody is half in." });
      close(answer, right, {
        absolute: 0,
        what: `users with ${context} tokens in ${kv}:`,
        why: "The memory over what one user takes, which is a token’s bytes for each token of context, rounded down.",
      });
    }
  }),

  check("The format follows from memory first, and from time second", (lab) => {
    const choose = exportedFunction<Choose>(lab, "choose(users, context, memory)");
    const large = 50e9;
    const small = 5e8 + 1e6 * (lab.seed % 100); // Some 4,000 tokens in bf16.
    const cases: [number, number, number][] = [
      [1, 1024, large],
      [1 + (lab.seed % 4), 2048, large],
      [64, 1024, large],
      // Around the context at which 5 % are gained.
      ...[15_000, 17_500, 18_500, 20_000, 21_500, 24_000, 60_000].map((n): [number, number, number] => [1, n, large]),
      // Memory forces a choice that time would not make, and the other way round.
      ...[
        room("bf16", 512, small),
        room("bf16", 512, small) + 1,
        room("fp8", 512, small),
        room("fp8", 512, small) + 1,
      ].map((n): [number, number, number] => [n, 512, small]),
      [room("fp8", 32_768, large) + 1, 32_768, large],
    ];
    for (const [users, context, memory] of cases) {
      const answer = choose(users, context, memory);
      const expected = rightChoice(users, context, memory);
      const show = {
        seen: `${String(answer)} for ${users} users with ${context} tokens and ${(memory / 1e9).toFixed(2)} GB`,
        expected: String(expected),
      };
      that(!(expected === null && answer !== null), {
        ...show,
        why: `They fit in neither: fp8 holds ${room("fp8", context, memory)}.`,
        hint: "null says so.",
      });
      that(!(expected === "fp8" && answer === "bf16" && users > room("bf16", context, memory)), {
        ...show,
        why: `bf16 holds ${room("bf16", context, memory)} of them. What does not fit is not slow, it waits.`,
        hint: "Ask fit before you ask stepTime.",
      });
      that(!(expected === "bf16" && answer === "fp8"), {
        ...show,
        why: `They fit in bf16, and a step with FP8 takes ${ms(right(lines.fp8, users, context))} instead of ${ms(right(lines.bf16, users, context))}. That is not worth a format that must be tested for its answers.`,
        hint: "At least 5 % shorter.",
      });
      that(answer === expected, { ...show, why: "Memory first; then fp8 where its step takes at most 95 % as long." });
    }
  }),
];

function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.abs(b);
}

function ms(seconds: number): string {
  return `${(seconds * 1000).toFixed(2)} ms`;
}
