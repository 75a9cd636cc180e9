import { decodeStep, prefillStep, type Server } from "perflab";
import { check, close, exportedFunction, that } from "perflab/checks";
import { measured, type Measured } from "./measured.ts";

type Request = (
  gpu: string,
  promptTokens: number,
  outputTokens: number,
) => { reading: number; writing: number; seconds: number };
type Speedup = (oldGpu: string, newGpu: string, promptTokens: number, outputTokens: number) => number;
type Seconds = (row: Measured, promptTokens: number, outputTokens: number) => number;
type Quickest = (gpus: readonly Measured[], promptTokens: number, outputTokens: number) => string;

const on = (gpu: string): Server => ({ model: "llama-3-8b", gpu, weights: "fp16", parameters: "ideal" });
const pick = (seed: number) => measured[seed % measured.length].gpu;

function truth(gpu: string, prompt: number, output: number) {
  const reading = prefillStep(on(gpu), { tokens: prompt }).seconds;
  const step = decodeStep(on(gpu), { batch: 1, context: prompt + output / 2 }).seconds;
  return { reading, writing: (output - 1) * step, seconds: reading + (output - 1) * step };
}

/** A card that nobody has measured. */
function madeUp(seed: number, gpu: string): Measured {
  return { gpu, reading: 1000 + ((seed * 37) % 9000), writing: 10 + ((seed * 13) % 90) };
}

const secondsOf = ({ reading, writing }: Measured, prompt: number, output: number) =>
  prompt / reading + (output - 1) / writing;

export default [
  check("A prompt is read in one go", (lab) => {
    const request = exportedFunction<Request>(lab, "request(gpu, promptTokens, outputTokens)");
    for (const gpu of ["rtx-4090", pick(lab.seed)]) {
      const prompt = 300 + (lab.seed % 3000);
      const { reading } = request(gpu, prompt, 100);
      const one = prefillStep(on(gpu), { tokens: 1 }).seconds;
      that(Math.abs(reading - prompt * one) > 1e-6 * reading, {
        seen: `${reading.toFixed(2)} s to read ${prompt} tokens`,
        expected: `${truth(gpu, prompt, 100).reading.toFixed(3)} s`,
        why: "One token after the other reads all weights for each of them. A prompt is there as a whole, and its tokens share one reading.",
        hint: "prefillStep takes as many tokens as you give it.",
      });
      close(reading, truth(gpu, prompt, 100).reading, {
        relative: 1e-6,
        what: `reading of ${prompt} tokens, in seconds:`,
        why: "One prefill step of all prompt tokens.",
      });
    }
  }),

  check("An answer is written token by token, but for the first", (lab) => {
    const request = exportedFunction<Request>(lab, "request(gpu, promptTokens, outputTokens)");
    const gpu = pick(lab.seed + 1);
    const prompt = 200 + (lab.seed % 2000);
    for (const output of [1, 2 + (lab.seed % 400)]) {
      const { writing, seconds } = request(gpu, prompt, output);
      const right = truth(gpu, prompt, output);
      close(writing, right.writing, {
        absolute: 1e-6,
        what: `writing of ${output} tokens, in seconds:`,
        why: "The first token comes out of prefill; each of the others is a decode step half-way through the answer.",
      });
      close(seconds, right.seconds, {
        relative: 1e-6,
        what: "seconds:",
        why: "A request is reading and then writing.",
      });
    }
  }),

  check("3090 to 4090: reading gains 2.1 to 2.4, writing 1.05 to 1.20", (lab) => {
    const speedup = exportedFunction<Speedup>(lab, "speedup(oldGpu, newGpu, promptTokens, outputTokens)");
    const prompt = 512 + (lab.seed % 1500);
    const reading = speedup("rtx-3090", "rtx-4090", prompt, 1);
    const writing = speedup("rtx-3090", "rtx-4090", 1, prompt);
    that(!(reading < 1 && writing < 1), {
      seen: `${reading.toFixed(2)} and ${writing.toFixed(2)}`,
      expected: "more than 1",
      why: "That is new ÷ old time. Times as fast is old ÷ new.",
    });
    that(reading >= 2.1 && reading <= 2.4, {
      seen: `reading ${reading.toFixed(2)} times as fast`,
      expected: "2.1 to 2.4",
      why: "A prompt of hundreds of tokens is arithmetic, and the 4090 has 2.33 times the FLOP/s.",
      hint: "Is the prompt read in one go?",
    });
    that(writing >= 1.05 && writing <= 1.2, {
      seen: `writing ${writing.toFixed(2)} times as fast`,
      expected: "1.05 to 1.20",
      why: "A decode step is reading, and the 4090 has 1.08 times the bandwidth.",
    });
    const [a, b] = [pick(lab.seed), pick(lab.seed + 3)];
    close(speedup(a, b, prompt, 100), truth(a, prompt, 100).seconds / truth(b, prompt, 100).seconds, {
      relative: 1e-6,
      what: `speedup from ${a} to ${b}:`,
      why: "Time on the old GPU ÷ time on the new one.",
    });
  }),

  check("Measured speeds give the time of any request", (lab) => {
    const seconds = exportedFunction<Seconds>(lab, "measuredSeconds(row, promptTokens, outputTokens)");
    const row = madeUp(lab.seed, "a made-up card");
    const prompt = 100 + (lab.seed % 4000);
    for (const output of [1, 30 + (lab.seed % 700)]) {
      const answer = seconds(row, prompt, output);
      const right = secondsOf(row, prompt, output);
      that(!near(answer, prompt / row.reading + output / row.writing), {
        seen: `${answer} s for ${output} tokens out`,
        expected: `${right} s`,
        why: "This writes the first token twice. It is there when the prompt is read.",
        hint: "outputTokens − 1.",
      });
      that(output === 1 || !near(answer, (prompt + output) / (row.reading + row.writing)), {
        seen: `${answer} s`,
        expected: `${right} s`,
        why: "Speeds of two phases can't be added. The times can.",
      });
      close(answer, right, {
        relative: 1e-6,
        what: `${prompt} tokens in and ${output} out, in seconds:`,
        why: "Tokens ÷ tokens per second, for either phase.",
      });
    }
  }),

  check("The quickest depends on the request", (lab) => {
    const quickest = exportedFunction<Quickest>(lab, "quickest(gpus, promptTokens, outputTokens)");
    const reader = { ...madeUp(lab.seed, "reader"), reading: 9000, writing: 20 };
    const writer = { ...madeUp(lab.seed, "writer"), reading: 2000, writing: 60 };
    const slow = { gpu: "slow", reading: 900, writing: 9 };
    const others = [1, 2, 3].map((k) => madeUp(lab.seed + 11 * k, `card ${k}`));
    const pool = lab.seed % 2 === 0 ? [writer, ...others, reader] : [reader, ...others, writer];
    const requests: [readonly Measured[], number, number][] = [
      [[writer, slow, reader], 4000, 5],
      [[reader, slow, writer], 50, 500],
      [pool, 100 + (lab.seed % 5000), 1 + (lab.seed % 300)],
      [measured, 2048, 16],
    ];
    for (const [gpus, prompt, output] of requests) {
      const right = gpus.toSorted((a, b) => secondsOf(a, prompt, output) - secondsOf(b, prompt, output));
      const answer = quickest(gpus, prompt, output);
      that(answer !== right.at(-1)!.gpu, {
        seen: `"${answer}"`,
        expected: `"${right[0].gpu}"`,
        why: "That is the slowest of them.",
      });
      that(answer === right[0].gpu, {
        seen: `"${answer}" for ${prompt} tokens in and ${output} out`,
        expected: `"${right[0].gpu}"`,
        why: "It answers this request sooner. Neither the best reader nor the best writer is best for every request.",
        hint: "Compare measuredSeconds.",
      });
    }
  }),
];

function near(actual: number, expected: number): boolean {
  return Math.abs(actual - expected) <= 1e-9 * Math.abs(expected);
}
