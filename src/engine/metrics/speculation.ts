/** What speculative decoding gains, from how often a drafted token is accepted. */
import { InputError } from "../errors.ts";
import { within } from "../within.ts";

/** Of a target step; beyond it no sum is left to say. */
const MOST_COST = 1e6;

function check(acceptance: number, draft: number): void {
  if (!within(acceptance, 0, 1)) throw new InputError("acceptance", acceptance, "a share from 0 to 1");
  if (!(Number.isInteger(draft) && within(draft, 0, 1000)))
    throw new InputError("draft", draft, "a whole number of tokens from 0 to 1000");
}

/** Source: Leviathan, Kalman and Matias, ICML 2023, equation 1 and theorem 3.8. */
export const speculation = {
  /** Tokens per verification step when each of `draft` tokens is accepted with probability `acceptance`: 1 + a + … + a^draft. */
  expectedTokens(acceptance: number, draft: number): number {
    check(acceptance, draft);
    let sum = 1;
    for (let i = 0, power = acceptance; i < draft; i++, power *= acceptance) sum += power;
    return sum;
  },
  /** How many times faster, when drafting one token costs `draftCost` of a target step. Below 1 it is slower. */
  speedup(acceptance: number, draft: number, draftCost: number): number {
    if (!within(draftCost, 0, MOST_COST)) throw new InputError("draftCost", draftCost, `from 0 to ${MOST_COST}`);
    return speculation.expectedTokens(acceptance, draft) / (draft * draftCost + 1);
  },
};
