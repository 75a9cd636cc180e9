import { check, close, exportedFunction, that } from "perflab/checks";
import { pipeline, stages, type Stage } from "./pipeline.ts";

type FirstToken = (chunks: number, seed: number) => number;
type MostChunks = (limit: number, seed: number) => number;
type Saves = (stage: Stage, chunks: number, seed: number) => number;

const right: FirstToken = (chunks, seed) => pipeline(chunks, seed).total.p(95);
const rightSaves: Saves = (stage, chunks, seed) =>
  right(chunks, seed) -
  (stage === "model" ? right(chunks / 2, seed) : pipeline(chunks, seed, { [stage]: 0.5 }).total.p(95));
const ms = (seconds: number) => `${(seconds * 1000).toFixed(1)} ms`;
const near = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.abs(b);

export default [
  check("firstToken is the p95 of whole questions", (lab) => {
    const firstToken = exportedFunction<FirstToken>(lab, "firstToken(chunks, seed)");
    const seed = lab.seed % 100_000;
    const chunks = 4 + (lab.seed % 17);
    const seen = pipeline(chunks, seed);
    const answer = firstToken(chunks, seed);
    const show = { seen: `${ms(answer)} with ${chunks} chunks`, expected: ms(seen.total.p(95)) };
    that(
      !near(
        answer,
        stages.reduce((sum, stage) => sum + seen[stage].p(95), 0),
      ),
      {
        ...show,
        why: "That is the sum of the stages' p95s. Hardly a question is among the slowest twentieth in all four at once.",
        hint: "pipeline also gives total, measured on the same questions.",
      },
    );
    that(!near(answer, Math.max(...stages.map((stage) => seen[stage].p(95)))), {
      ...show,
      why: "That is the worst stage alone. A question passes all of them.",
    });
    that(!near(answer, seen.total.p(50)) && !near(answer, seen.total.mean), {
      ...show,
      why: "That is what an ordinary question sees. The promise is about 95 in 100.",
    });
    close(answer, seen.total.p(95), {
      relative: 1e-6,
      what: `p95 of the first token with ${chunks} chunks, in seconds:`,
      why: "Add up each question's stages, then take the percentile of the sums.",
    });
  }),

  check("mostChunks fills the promise and does not break it", (lab) => {
    const mostChunks = exportedFunction<MostChunks>(lab, "mostChunks(limit, seed)");
    const seed = (lab.seed % 100_000) + 7;
    const drawn = 3 + (lab.seed % 20);
    const between = (right(drawn, seed) + right(drawn + 1, seed)) / 2;
    for (const limit of [between, 0.05, 60]) {
      let expected = -1;
      while (expected < 24 && right(expected + 1, seed) <= limit) expected++;
      const answer = mostChunks(limit, seed);
      const seen = `${answer} chunks within ${ms(limit)}`;
      that(Number.isInteger(answer) && answer >= -1 && answer <= 24, {
        seen,
        expected: `${expected}`,
        why: "A whole number from 0 to 24, or -1 where not even a question without chunks keeps the promise.",
      });
      that(answer <= expected, {
        seen,
        expected: `${expected}`,
        why: `With ${answer} the p95 is ${ms(right(Math.max(0, answer), seed))}.`,
        hint: "Add a chunk as long as the p95 with one more stays within the limit.",
      });
      that(answer === expected, {
        seen,
        expected: `${expected}`,
        why: `With ${expected} the p95 is ${ms(right(Math.max(0, expected), seed))}, which is still within it.`,
        hint: "Add a chunk as long as the p95 with one more stays within the limit.",
      });
    }
  }),

  check("saves says what half a stage is worth, and the model's half is half the chunks", (lab) => {
    const saves = exportedFunction<Saves>(lab, "saves(stage, chunks, seed)");
    const seed = (lab.seed % 100_000) + 13;
    const chunks = 10 + 2 * (lab.seed % 6);
    for (const stage of stages) {
      const answer = saves(stage, chunks, seed);
      const expected = rightSaves(stage, chunks, seed);
      const show = { seen: `${ms(answer)} for half of ${stage}`, expected: ms(expected) };
      that(!near(answer, -expected), { ...show, why: "What is saved is the time before less the time after." });
      that(!near(answer, pipeline(chunks, seed)[stage].p(95) / 2), {
        ...show,
        why: "That is half of the stage's own p95. Which questions are slowest changes with the stage; run the pipeline again.",
        hint: "pipeline(chunks, seed, { [stage]: 0.5 }).",
      });
      that(stage !== "model" || Math.abs(answer) > 1e-9, {
        ...show,
        why: "The model has no pace of its own here. Its time is the prompt's, so give it half the chunks.",
      });
      close(answer, expected, {
        absolute: 1e-6,
        what: `seconds saved by half of ${stage}, with ${chunks} chunks:`,
        why: "The p95 of whole questions before, less that after.",
      });
    }
  }),
];
