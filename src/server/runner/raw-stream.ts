/** Passes one answer's raw bytes to the page with the time of each read, for learners who write their own stopwatch. */
import type { ServerResponse } from "node:http";
import { pathOf, requestBody, type BodyShape } from "../../engine/benchmark/request-body.ts";
import { StreamReader } from "../../engine/benchmark/stream-reader.ts";
import { httpTransport } from "../../endpoint/node/http-transport.ts";
import { monotonic } from "../../endpoint/node/node-clock.ts";
import { toBase64 } from "../../endpoint/run-wire.ts";
import type { EndpointTarget } from "../../endpoint/endpoint-target.ts";

export interface RawStreamRequest {
  readonly target: EndpointTarget;
  readonly prompt: string;
  readonly maxTokens: number;
}

/** Lines: { type: "bytes", t, data } … then { type: "end", t } or { type: "error", kind, message }. t in seconds since the request left. */
export function streamAnswer(request: RawStreamRequest, res: ServerResponse): Promise<void> {
  const { target, prompt, maxTokens } = request;
  const api = target.api ?? "chat";
  const shape: BodyShape = { api, stream: true, includeUsage: true, lengthControl: false, limitField: "max_tokens" };
  const transport = httpTransport(target);
  res.writeHead(200, { "content-type": "application/x-ndjson; charset=utf-8", "cache-control": "no-store" });
  const say = (line: unknown): void => void res.write(`${JSON.stringify(line)}\n`);
  return new Promise((resolve) => {
    const reader = new StreamReader(() => {});
    const finish = (line: unknown): void => {
      say(line);
      res.end();
      transport.close();
      resolve();
    };
    const body = requestBody(shape, target.model, [{ role: "user", content: prompt }], maxTokens);
    const zero = monotonic();
    const exchange = transport.send(
      { path: pathOf(api), body },
      {
        headers: (status, header) => reader.headers(status, header),
        chunk(bytes, t) {
          reader.push(bytes, t);
          if (reader.status === 200) say({ type: "bytes", t: t - zero, data: toBase64(bytes) });
        },
        end(t) {
          reader.end(t);
          const refusal = reader.refusal();
          finish(
            refusal ? { type: "error", kind: refusal.kind, message: refusal.message } : { type: "end", t: t - zero },
          );
        },
        fail: (failure) => finish({ type: "error", kind: failure.kind, message: failure.message }),
      },
    );
    res.on("close", () => {
      exchange.abort();
      transport.close();
      resolve();
    });
  });
}
