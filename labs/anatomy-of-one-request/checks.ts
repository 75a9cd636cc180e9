import { decodeStep, prefillStep, type Server } from "perflab";
import { check, close, that } from "perflab/checks";

const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };

type Anatomy = (
  promptTokens: number,
  outputTokens: number,
  network: number,
  ahead?: number,
) => { ttft: number; tpot: number; e2e: number };
type Gap = (ttft: number, tpot: number, n: number) => number;

function exported<T>(exports: Readonly<Record<string, unknown>>, name: string): T {
  const value = exports[name];
  that(typeof value === "function", {
    seen: `no function named ${name}`,
    expected: `export function ${name}(…)`,
    why: "The checks call your functions with requests of their own.",
  });
  return value as T;
}

export default [
  check("End-to-end time is TTFT plus N − 1 decode steps", ({ exports, seed }) => {
    const anatomy = exported<Anatomy>(exports, "anatomy");
    const prompt = 100 + (seed % 4000);
    for (const output of [1, 2, 10, 300 + (seed % 700)]) {
      const network = 0.02;
      const ttft = network + prefillStep(server, { tokens: prompt }).seconds;
      const tpot = decodeStep(server, { batch: 1, context: prompt + output / 2 }).seconds;
      close(anatomy(prompt, output, network).e2e, ttft + (output - 1) * tpot, {
        relative: 0.001,
        what: `E2E of ${prompt} tokens in, ${output} out, in seconds:`,
        why: "The first token comes out of prefill, so N tokens need N − 1 decode steps.",
        hint: "Count the decode steps of a reply of one token.",
      });
    }
  }),

  check("Whoever stands ahead in the queue is read first", ({ exports, seed }) => {
    const anatomy = exported<Anatomy>(exports, "anatomy");
    const prompt = 100 + (seed % 4000);
    const ahead = 2 + (seed % 9);
    const network = 0.02;
    const { ttft, e2e } = anatomy(prompt, 20, network, ahead);
    const each = prefillStep(server, { tokens: 2000 }).seconds;
    const own = prefillStep(server, { tokens: prompt }).seconds;
    close(ttft, network + ahead * each + own, {
      relative: 0.001,
      what: `TTFT of ${prompt} tokens behind ${ahead} prompts of 2,000, in seconds:`,
      why: "The first token waits for the network, for every prompt ahead, and for its own prefill.",
      hint: "One prompt of 2,000 tokens takes prefillStep(server, { tokens: 2000 }).seconds. How many of them are ahead?",
    });
    const tpot = decodeStep(server, { batch: 1, context: prompt + 10 }).seconds;
    close(e2e - ttft, 19 * tpot, {
      relative: 0.001,
      what: `Time after the first token, behind ${ahead} prompts, in seconds:`,
      why: "The queue is over when the prompt is read: it makes the first token late, not the others slow.",
    });
  }),

  check("The parts add up to the whole", ({ exports, seed }) => {
    const anatomy = exported<Anatomy>(exports, "anatomy") as (
      ...request: [number, number, number, number]
    ) => Record<string, number>;
    const { network, queue, prefill, decode, e2e } = anatomy(500 + (seed % 1000), 200, 0.05, 3);
    that(typeof e2e === "number" && e2e > 0, {
      seen: `an e2e of ${e2e}`,
      expected: "a number of seconds above 0",
      why: "This check compares the parts with it.",
    });
    close((network ?? NaN) + (queue ?? NaN) + (prefill ?? NaN) + (decode ?? NaN), e2e, {
      relative: 1e-6,
      what: "network + queue + prefill + decode:",
      why: "Every second of a request belongs to exactly one part.",
    });
  }),

  check("At N = 10 the short formula is 4.2 % too large", ({ exports }) => {
    const gap = exported<Gap>(exports, "conventionGap")(0.3, 0.02, 10);
    that(Math.abs(gap - 4.2) > 0.5, {
      seen: `${gap}`,
      expected: "about 0.042",
      why: "The gap is wanted as a share, not in percent.",
    });
    close(gap, 0.042, {
      absolute: 0.002,
      what: "conventionGap(0.3, 0.02, 10):",
      why: "480 ms is exact, 500 ms is what the short formula says.",
      hint: "How many TPOTs more has the short formula? Divide that by the exact time.",
    });
  }),

  check("The gap is right for any request", ({ exports, seed }) => {
    const gap = exported<Gap>(exports, "conventionGap");
    const ttft = 0.05 + (seed % 100) / 200;
    const tpot = 0.01 + (seed % 7) / 300;
    const n = 2 + (seed % 5);
    close(gap(ttft, tpot, n), tpot / (ttft + (n - 1) * tpot), {
      relative: 0.001,
      what: `conventionGap(${ttft}, ${tpot.toFixed(4)}, ${n}):`,
      why: "The overshoot of one TPOT is divided by the exact end-to-end time.",
    });
  }),
];
