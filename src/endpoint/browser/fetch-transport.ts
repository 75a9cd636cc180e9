/** Sends the load with fetch. A browser opens six connections per origin on HTTP/1.1, so the load never has more than six streams open. */
import type { Exchange, Sink, Transport, WireRequest } from "../../engine/benchmark/transport.ts";
import { endpointUrl, normalBaseUrl } from "../base-url.ts";
import type { EndpointTarget } from "../endpoint-target.ts";

/** Chromium, Firefox and Safari alike. */
export const MAX_STREAMS = 6;

/** Redirects are refused, so the key goes to the target's own origin only. */
export function fetchTransport(target: EndpointTarget): Transport {
  const base = normalBaseUrl(target.baseUrl);
  const headers: Record<string, string> = { ...target.headers, "content-type": "application/json" };
  if (target.key !== undefined && target.key !== "") headers["authorization"] = `Bearer ${target.key}`;

  async function carry(request: WireRequest, sink: Sink, signal: AbortSignal): Promise<void> {
    const answer = await fetch(endpointUrl(base, request.path), {
      method: "POST",
      headers,
      body: request.body,
      signal,
      redirect: "manual",
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
    });
    const redirected = answer.type === "opaqueredirect";
    sink.headers(redirected ? 307 : answer.status, (name) => answer.headers.get(name) ?? undefined, seconds());
    const reader = answer.body?.getReader();
    for (;;) {
      const part = await reader?.read();
      const t = seconds();
      if (!part || part.done) return sink.end(t);
      sink.chunk(part.value, t);
    }
  }

  return {
    name: "fetch",
    maxStreams: MAX_STREAMS,
    send(request, sink): Exchange {
      const stop = new AbortController();
      let answered = false;
      const watched: Sink = {
        headers(status, header, t) {
          answered = true;
          sink.headers(status, header, t);
        },
        chunk: (bytes, t) => sink.chunk(bytes, t),
        end: (t) => sink.end(t),
        fail: (failure, t) => sink.fail(failure, t),
      };
      carry(request, watched, stop.signal).catch(() => {
        if (stop.signal.aborted) return;
        const failure = answered
          ? ({
              kind: "reset",
              message:
                "The connection broke in the middle of the answer. The server may have crashed or hit a limit: look at its log.",
            } as const)
          : ({
              kind: "network",
              message:
                "The browser could not reach the server, or was not allowed to read its answer. The doctor can tell which.",
            } as const);
        sink.fail(failure, seconds());
      });
      return { abort: () => stop.abort() };
    },
  };
}

function seconds(): number {
  return performance.now() / 1000;
}
