/** The most that one measurement can send, known before it begins, and a transport that sends no more than that. */
import type { Clock, Transport } from "../engine/benchmark/transport.ts";
import { warmUpMost } from "../engine/benchmark/warm-up.ts";
import { drawTable } from "../engine/workload/table.ts";
import type { Workload } from "../engine/workload/types.ts";

export const DEFAULT_WARMUP = 4;

export interface Allotment {
  readonly requests: number;
  /** Of prompts and answers. */
  readonly tokens: number;
  /** Those of `requests` that warm up. */
  readonly warmup: number;
}

/** What a server's chat template may add to a prompt, and how far a tokenizer may differ from the calibration. */
const TEMPLATE_TOKENS = 16;
const TOKEN_MARGIN = 1.02;

/** Prompts count with what the server's template adds; nothing is sent to find out. Throws InputError where the workload is malformed. */
export function allotmentOf(workload: Workload, warmup = DEFAULT_WARMUP): Allotment {
  const { count, prompt, output } = drawTable(workload, workload.seed ?? 0);
  const { arrivals, maxConcurrency } = workload;
  const warm = warmUpMost(
    warmup,
    concurrencyOf(arrivals.kind === "closed" ? arrivals.users : undefined, maxConcurrency, count),
  );
  let tokens = 0;
  for (let i = 0; i < count; i++) tokens += prompt[i]! + output[i]!;
  return {
    requests: count + warm.requests,
    tokens: Math.ceil(tokens * TOKEN_MARGIN) + count * TEMPLATE_TOKENS + warm.tokens,
    warmup: warm.requests,
  };
}

/** How many requests a load may have open at once. */
export function concurrencyOf(users: number | undefined, maxConcurrency: number | undefined, requests: number): number {
  return users ?? maxConcurrency ?? requests;
}

/** Passes on so many requests; whatever is sent beyond them fails without leaving. */
export function atMost(requests: number, transport: Transport, clock: Clock): Transport {
  let left = requests;
  return {
    name: transport.name,
    ...(transport.maxStreams !== undefined && { maxStreams: transport.maxStreams }),
    ...(transport.sendsIds !== undefined && { sendsIds: transport.sendsIds }),
    send(request, sink) {
      if (left > 0) {
        left--;
        return transport.send(request, {
          headers: (status, header, t) => sink.headers(status, header, t),
          chunk: (bytes, t) => sink.chunk(bytes, t),
          end: (t) => sink.end(t),
          fail: (failure, t) => sink.fail(failure, t),
          // Sent twice is two requests.
          mayResend: () => left > 0 && (sink.mayResend?.() ?? false) && left-- > 0,
        });
      }
      const cancel = clock.at(clock.now(), () =>
        sink.fail({ kind: "stopped", message: `The budget of ${requests} requests is used up.` }, clock.now()),
      );
      return { abort: cancel };
    },
  };
}
