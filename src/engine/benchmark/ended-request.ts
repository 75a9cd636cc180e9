/** One request as it ends, in a few numbers for a live view. */
import type { Flight } from "./flight.ts";
import type { EndedRequest } from "./load-options.ts";
import type { TransportFailure } from "./transport.ts";

export function endedRequest(
  { request, reader, startedAt }: Flight,
  failure: TransportFailure | undefined,
): EndedRequest {
  const { first, last, onePiece, usage, tokenChunks, visibleTokens } = reader;
  return {
    request,
    ttft: onePiece ? NaN : first - startedAt,
    tpot: !onePiece && visibleTokens > 1 ? (last - first) / (visibleTokens - 1) : NaN,
    e2e: last - startedAt,
    outputTokens: usage.output > 0 ? usage.output : tokenChunks,
    ...(failure && { failure: failure.kind }),
  };
}
