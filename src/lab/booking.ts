/** How much a measurement that a lab asks for would send at most. The lab is not trusted: what it asks is bounded before it is worked out. */
import { allotmentOf } from "../endpoint/allotment.ts";
import type { Workload } from "../engine/workload/types.ts";
import type { Booking, Spend } from "./spend.ts";

/** A workload beyond the budget is planned only as far as shows that it is. @throws InputError where it is malformed. */
export function bookingOf(workload: Workload, warmup: number, budget: Spend): Booking {
  const most = budget.requests + 1;
  const asked = workload.requests ?? Infinity;
  const { requests, tokens, warmup: warm } = allotmentOf({ ...workload, requests: Math.min(asked, most) }, warmup);
  return { requests: asked > most && asked < Infinity ? asked + warm : requests, tokens, warmup: warm };
}

/** English text has about four characters a token; a token has at least one byte. */
const bytesPerToken = 3;
const templateTokens = 16;

/** One streamed answer to a text. */
export function streamBooking({ prompt, maxTokens }: { prompt: string; maxTokens: number }): Booking {
  const bytes = new TextEncoder().encode(prompt).length;
  return { requests: 1, tokens: Math.ceil(bytes / bytesPerToken) + templateTokens + maxTokens, warmup: 0 };
}
