/** One request and its whole answer, outside a load: warm-ups and the doctor's questions. */
import { StreamReader, type OnChunk } from "./stream-reader.ts";
import type { Clock, Exchange, StopSignal, Transport, TransportFailure, WireRequest } from "./transport.ts";

/** One answer, read to its end. */
export interface Answer {
  readonly reader: StreamReader;
  readonly failure: TransportFailure | undefined;
}

/** Always resolves; `timeout` in seconds. */
export function exchange(
  transport: Transport,
  clock: Clock,
  signal: StopSignal | undefined,
  request: WireRequest,
  timeout: number,
  options: { whole?: boolean; onChunk?: OnChunk; mayResend?: () => boolean } = {},
): Promise<Answer> {
  return new Promise((resolve) => {
    const reader = new StreamReader(options.onChunk ?? (() => {}), { whole: options.whole ?? false });
    const sent: { exchange?: Exchange } = {};
    const stop = (): void => give({ kind: "stopped", message: "The run was stopped." });
    const cancel = clock.at(clock.now() + timeout, () =>
      give({ kind: "timeout-total", message: `The server did not complete a short answer within ${timeout} s.` }),
    );
    let over = false;
    const settle = (failure: TransportFailure | undefined): void => {
      if (over) return;
      over = true;
      cancel();
      signal?.removeEventListener("abort", stop);
      resolve({ reader, failure });
    };
    const give = (failure: TransportFailure): void => {
      sent.exchange?.abort();
      settle(failure);
    };
    if (signal?.aborted) return stop();
    signal?.addEventListener("abort", stop);
    sent.exchange = transport.send(request, {
      headers: (status, header) => reader.headers(status, header),
      chunk: (bytes, t) => reader.push(bytes, t),
      end: (t) => {
        reader.end(t);
        settle(reader.outcome());
      },
      fail: (failure) => settle(reader.refusal() ?? failure),
      mayResend: () => !over && (options.mayResend?.() ?? true),
    });
  });
}
