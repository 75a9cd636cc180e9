import { apiCost, price, type ApiPrice } from "perflab";
import { check, close, exportedFunction, that, type LabUnderTest } from "perflab/checks";

interface Tokens {
  readonly input: number;
  readonly cached?: number;
  readonly cacheWrite?: number;
  readonly output: number;
}
const kinds = ["input", "cached", "cacheWrite", "output"] as const;
type Parts = Readonly<Record<(typeof kinds)[number], number>>;
type RequestCost = (price: ApiPrice, tokens: Tokens) => Parts;

function cost(lab: LabUnderTest, list: ApiPrice, tokens: Tokens): { parts: Parts; total: number } {
  const parts = exportedFunction<RequestCost>(lab, "requestCost(price, tokens)")(list, tokens);
  return { parts, total: kinds.reduce((sum, kind) => sum + parts[kind], 0) };
}

/** A price list that nobody prints, in USD per token. */
function madeUp(seed: number): ApiPrice {
  const input = (1 + (seed % 40)) / 1e7;
  const factor = 4 + (seed % 5);
  return { id: "made-up", on: "2026-01-01", input, cached: input / 8, cacheWrite: input * 1.5, output: input * factor };
}

export default [
  check("2,000 in and 300 out cost $0.00076 with gpt-5.6-luna", (lab) => {
    const { total } = cost(lab, price("gpt-5.6-luna", "2026-08-05"), { input: 2000, output: 300 });
    close(total, 0.00076, {
      absolute: 1e-9,
      what: "the four parts together, in USD:",
      why: "2,000 × $0.20 and 300 × $1.20, each per million.",
      hint: "The prices that price() gives are per token already.",
    });
  }),

  check("Cached tokens cost their own price, and only that", (lab) => {
    const list = price("gpt-5.6-luna", "2026-08-05");
    const tokens = { input: 2000, cached: 1500, output: 300 };
    const { total } = cost(lab, list, tokens);
    const expected = "0.000490";
    const seen = `$${total.toFixed(6)} for 2,000 in, 1,500 of them cached, and 300 out`;
    that(Math.abs(total - 0.00076) > 1e-9, {
      seen,
      expected: `$${expected}`,
      why: "This charges the cached tokens as new.",
      hint: "Only input − cached tokens are new.",
    });
    that(Math.abs(total - 0.00079) > 1e-9, {
      seen,
      expected: `$${expected}`,
      why: "This charges the cached tokens twice: once as input, once as cached.",
      hint: "input counts the whole prompt. Take away what is charged elsewhere.",
    });
    that(Math.abs(total - 0.00046) > 1e-9, {
      seen,
      expected: `$${expected}`,
      why: "A tenth of the price is not free: cached tokens cost price.cached each.",
    });
    close(total, apiCost(list, tokens).total, {
      absolute: 1e-6,
      what: "the four parts together, in USD:",
      why: "500 new tokens at $0.20, 1,500 cached at $0.02, 300 out at $1.20, each per million.",
    });
  }),

  check("The parts are right for any price list", (lab) => {
    const list = madeUp(lab.seed);
    const cached = 100 + (lab.seed % 700);
    const tokens = { input: 3000 + (lab.seed % 1000), cached, cacheWrite: 900, output: 50 + (lab.seed % 400) };
    const { parts } = cost(lab, list, tokens);
    const right = apiCost(list, tokens).parts;
    for (const kind of kinds) {
      close(parts[kind], right[kind] ?? NaN, {
        relative: 1e-4,
        what: `${kind} of ${tokens.input} in (${cached} cached, 900 written) and ${tokens.output} out, in USD:`,
        why: "Each prompt token is new, read from the cache or written to it, and is charged once.",
        hint: "New are input − cached − cacheWrite.",
      });
    }
  }),

  check("Tokens without a price of their own cost as much as input", (lab) => {
    const list = price("deepseek-v4-flash", "2026-08-05"); // no price for cache writes
    const tokens = { input: 4000, cached: 1000, cacheWrite: 2000, output: 100 };
    const { total } = cost(lab, list, tokens);
    close(total, apiCost(list, tokens).total, {
      relative: 1e-4,
      what: "the four parts together with deepseek-v4-flash, in USD:",
      why: "Its list has no price for cache writes, so they are charged as input.",
      hint: "price.cacheWrite ?? price.input",
    });
  }),

  check("callsToPayOff finds when caching begins to pay", (lab) => {
    const callsToPayOff = exportedFunction<(write: number, read: number) => number>(lab, "callsToPayOff(write, read)");
    const drawn = [1.3 + (lab.seed % 90) / 37, 0.05 + (lab.seed % 17) / 31] as const;
    for (const [write, read] of [[1.25, 0.1], [2, 0.1], [1.25, 0.5], [3, 0.75], drawn] as const) {
      const answer = callsToPayOff(write, read);
      const right = fewest(write, read);
      const seen = `callsToPayOff is ${answer} at ${write.toFixed(2)} × to write and ${read.toFixed(2)} × to read`;
      that(Number.isInteger(answer), {
        seen,
        expected: `${right}`,
        why: "Calls come in whole numbers, and the fewest that pay is the next one above the break-even.",
      });
      that(answer === right, {
        seen,
        expected: `${right}`,
        why:
          answer < right
            ? `With ${answer}, caching costs ${withCache(answer, write, read).toFixed(2)} against ${answer} without.`
            : `With ${right}, caching already costs ${withCache(right, write, read).toFixed(2)} against ${right} without.`,
        hint: "The first call writes, the others read: write + (N − 1) × read, against N.",
      });
    }
  }),
];

function withCache(calls: number, write: number, read: number): number {
  return write + (calls - 1) * read;
}

function fewest(write: number, read: number): number {
  let calls = 1;
  while (withCache(calls, write, read) >= calls) calls += 1;
  return calls;
}
