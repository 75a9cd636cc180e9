import { check, close, exportedFunction, that } from "perflab/checks";

// A check as it stands in checks.ts, tried on the answer of somebody who counts one step too many.
const steps = check("A reply of one token has no decode step", (lab) => {
  const decodeSteps = exportedFunction<(tokens: number) => number>(lab, "decodeSteps(tokens)");
  const tokens = 2 + (lab.seed % 500);
  const answer = decodeSteps(tokens);
  that(answer !== tokens, {
    seen: `${answer} steps for ${tokens} tokens`,
    expected: `${tokens - 1}`,
    why: "The first token comes out of prefill.",
    hint: "Which step makes the first token?",
  });
  close(answer, tokens - 1, { absolute: 0, what: `decodeSteps(${tokens}):`, why: "A decode step makes one token." });
});

const answer = { decodeSteps: (tokens: number) => tokens };
try {
  await steps.test({
    exports: answer,
    runs: [],
    charts: [],
    seed: 7,
    params: {},
    measured: false,
    award: () => undefined,
  });
} catch (failure) {
  console.log((failure as Error).message);
}
