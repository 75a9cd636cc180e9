// must get: The first call writes, the others read
import { price, type ApiPrice } from "perflab";

/** Tokens of one request. `input` counts the whole prompt; `cached` and `cacheWrite` are parts of it. */
interface Tokens {
  input: number;
  cached?: number;
  cacheWrite?: number;
  output: number;
}

/** What one request costs, USD. Prices are USD per token. */
export function requestCost(price: ApiPrice, tokens: Tokens) {
  const { input, cached = 0, cacheWrite = 0, output } = tokens;
  return {
    input: (input - cached - cacheWrite) * price.input,
    cached: cached * (price.cached ?? price.input),
    cacheWrite: cacheWrite * (price.cacheWrite ?? price.input),
    output: output * price.output,
  };
}

/** The fewest calls with the same prompt that make caching it cheaper. Prices as multiples of the input price. */
export function callsToPayOff(write: number, read: number): number {
  return Math.floor(write / (1 - read)) + 1;
}

const call = requestCost(price("claude-sonnet-5", "2026-09-02"), { input: 8000, output: 200 });
export const agentOutputShare = (100 * call.output) / (call.input + call.output);
