import { burst, fixed, script, simulate, statuses, tokenSources, type Run, type Server } from "perflab";
import { check, close, exportedFunction, that } from "perflab/checks";

type Gaps = (run: Run, request: number) => number[];
type Freeze = (run: Run, request: number) => number;
type LargestBudget = (limit: number, prompt: number) => number;

const base: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const budgets = [8192, 4096, 2048, 1024, 512, 256, 128];
const inPieces = (budget: number): Server => ({ ...base, scheduler: { maxNumBatchedTokens: budget } });

function readersAnd(prompt: number, server: Server): Run {
  const readers = Array.from({ length: 8 }, () => ({ at: 0, prompt: 200, output: 400 }));
  return simulate(server, script([...readers, { at: 0.5, prompt, output: 50 }]), { record: "chunks" });
}

/** The gaps of one request, as the engine recorded its tokens. */
function rightGaps({ chunks }: Run, request: number): number[] {
  const times = [...(chunks?.t ?? [])].filter((_, k) => chunks?.request[k] === request && (chunks?.tokens[k] ?? 0) > 0);
  return times.slice(1).map((time, i) => time - (times[i] ?? NaN));
}
const worst = (run: Run, request: number) => Math.max(...rightGaps(run, request));
/** How long a reader waits with a budget, in words; with none there is nothing to wait for. */
const waitWith = (budget: number, prompt: number) =>
  budget > 0 ? ms(worst(readersAnd(prompt, inPieces(budget)), 0)) : "for ever";

/** Two answers whose chunks come in turns; the first chunk of each carries no token. */
function interleaved(seed: number): Run {
  const steps = [0, 1, 2, 3, 4].map((k) => 0.01 + ((seed + 31 * k) % 50) / 1000);
  const rows: { t: number; request: number; tokens: number }[] = [];
  let t = 0.2;
  for (const request of [0, 1]) rows.push({ t: 0.05 + 0.01 * request, request, tokens: 0 });
  for (const step of steps) {
    t += step;
    rows.push({ t, request: 0, tokens: 1 }, { t: t + step / 3, request: 1, tokens: 1 });
  }
  const times = (value: number) => Float64Array.of(value, value);
  return {
    origin: { kind: "simulated", server: base, seed: 0 },
    workload: { arrivals: burst(), prompt: fixed(10), output: fixed(5), requests: 2 },
    versions: {},
    requests: {
      count: 2,
      scheduled: times(0),
      started: times(0),
      headers: times(0.05),
      firstEvent: times(0.05),
      first: times(0.2 + (steps[0] ?? 0)),
      last: times(t),
      closed: times(t),
      promptTokens: Uint32Array.of(10, 10),
      cachedTokens: new Uint32Array(2),
      outputTokens: Uint32Array.of(5, 5),
      tokenSource: new Uint8Array(2).fill(tokenSources.indexOf("usage")),
      status: new Uint8Array(2).fill(statuses.indexOf("succeeded")),
      preemptions: new Uint16Array(2),
      replica: new Uint16Array(2),
    },
    chunks: {
      t: Float64Array.from(rows, (row) => row.t),
      request: Uint32Array.from(rows, (row) => row.request),
      tokens: Uint16Array.from(rows, (row) => row.tokens),
      kind: new Uint16Array(rows.length).fill(4),
    },
  };
}

export default [
  check("gaps are between the tokens of one request", (lab) => {
    const gaps = exportedFunction<Gaps>(lab, "gaps(run, request)");
    const run = interleaved(lab.seed);
    for (const request of [0, 1]) {
      const answer = gaps(run, request);
      const right = rightGaps(run, request);
      that(Array.isArray(answer), {
        seen: `gaps gave ${String(answer)}`,
        expected: "a list of seconds",
        why: "There is one gap between each token and the next.",
      });
      that(answer.length <= right.length + 1, {
        seen: `${answer.length} gaps in a run of two requests with 5 tokens each`,
        expected: `${right.length}`,
        why: "These are the gaps between anybody's tokens. While one reader waits, the others' tokens fill the gap.",
        hint: "run.chunks.request[k] says whose chunk k is.",
      });
      that(answer.length !== right.length + 1, {
        seen: `${answer.length} gaps for 5 tokens`,
        expected: `${right.length}`,
        why: "Five tokens have four gaps. A chunk without a token, such as the first, is nothing that anyone reads.",
        hint: "run.chunks.tokens[k] is 0 for such a chunk.",
      });
      that(answer.length === right.length, {
        seen: `${answer.length} gaps for 5 tokens`,
        expected: `${right.length}`,
        why: "Five tokens have four gaps.",
      });
      right.forEach((gap, i) =>
        close(answer[i], gap, {
          relative: 1e-6,
          what: `gap ${i + 1} of request ${request}, in seconds:`,
          why: "A gap is the time of a token less that of the token before it.",
        }),
      );
    }
  }),

  check("One prompt of 32,000 tokens freezes eight streams for 1.45 s, and in pieces of 512 for 32 ms", (lab) => {
    const freeze = exportedFunction<Freeze>(lab, "freeze(run, request)");
    const reader = lab.seed % 8;
    for (const server of [{ ...base, batching: "prefillFirst" } as const, inPieces(512)]) {
      const run = readersAnd(32_000, server);
      const answer = freeze(run, reader);
      const all = rightGaps(run, reader);
      const mean = all.reduce((sum, gap) => sum + gap, 0) / all.length;
      that(!(Math.abs(answer - mean) < 1e-3 * mean), {
        seen: `${ms(answer)} for a reader whose longest gap is ${ms(worst(run, reader))}`,
        expected: ms(worst(run, reader)),
        why: "That is the mean of the gaps, and 399 good gaps hide one bad one.",
        hint: "The longest, not the average.",
      });
      close(answer, worst(run, reader), {
        relative: 1e-6,
        what: `freeze of reader ${reader}, in seconds:`,
        why: "A stream stands still for as long as its longest gap.",
        hint: "Of all that gaps gives, the largest. The check above says whether gaps is right.",
      });
    }
  }),

  check("largestBudget keeps the promise, and no smaller than it must be", (lab) => {
    const largestBudget = exportedFunction<LargestBudget>(lab, "largestBudget(limit, prompt)");
    const drawn = 0.015 + (lab.seed % 200) / 1000;
    for (const [limit, prompt] of [
      [0.05, 32_000],
      [drawn, 16_000],
      [1, 8000],
      [0.001, 32_000],
    ] as const) {
      const right = budgets.find((budget) => worst(readersAnd(prompt, inPieces(budget)), 0) <= limit) ?? 0;
      const answer = largestBudget(limit, prompt);
      const seen = `largestBudget(${limit}, ${prompt}) is ${answer}`;
      that(answer === 0 || budgets.includes(answer), {
        seen,
        expected: `${right}`,
        why: `It must be one of ${budgets.join(", ")}, or 0 if none of them will do.`,
      });
      that(answer <= right, {
        seen,
        expected: `${right}`,
        why: `With ${answer} tokens a step a reader waits ${waitWith(answer, prompt)} for a token.`,
        hint:
          right === 0 ? "Even the smallest budget breaks this promise." : "The limit is in seconds, and so is freeze.",
      });
      that(answer === right, {
        seen,
        expected: `${right}`,
        why: `With ${right} tokens a step the longest gap is still only ${waitWith(right, prompt)}, and a larger piece is kinder to the long prompt.`,
        hint: "Begin with the largest.",
      });
    }
  }),
];

function ms(seconds: number): string {
  return `${(seconds * 1000).toFixed(1)} ms`;
}
