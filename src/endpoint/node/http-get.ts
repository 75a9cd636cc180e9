/** One small request to an endpoint outside the load: model lists, health, metrics, probes. Never follows a redirect. */
import http from "node:http";
import https from "node:https";
import { agentFor, targetHeaders } from "./http-transport.ts";
import { encodingsOf, unknownEncoding, unpacking } from "./unpack.ts";
import type { EndpointTarget } from "../endpoint-target.ts";

export interface SmallAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

const TIMEOUT_MS = 15_000;
const MAX_BYTES = 16e6;

/** `url` must be of the target's own origin, because the key goes along. Rejects with a Node error. */
export function httpGet(target: EndpointTarget, url: URL, timeout = TIMEOUT_MS): Promise<SmallAnswer> {
  return ask(target, url, timeout);
}

/** As httpGet, with a JSON body. */
export function httpPost(target: EndpointTarget, url: URL, body: string, timeout = TIMEOUT_MS): Promise<SmallAnswer> {
  return ask(target, url, timeout, body);
}

function ask(target: EndpointTarget, url: URL, timeout: number, body?: string): Promise<SmallAnswer> {
  const secure = url.protocol === "https:";
  const options = {
    method: body === undefined ? "GET" : "POST",
    headers: {
      ...targetHeaders(target),
      ...(body !== undefined && { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
    },
    timeout,
    agent: agentFor(url, target, { keepAlive: false }),
  };
  return new Promise((resolve, reject) => {
    const request = (secure ? https.request : http.request)(url, options, (response) => {
      const parts: Uint8Array[] = [];
      let size = 0;
      const encodings = encodingsOf(response.headers["content-encoding"]);
      const bad = (): void => reject(Object.assign(new Error("the answer can't be unpacked"), { code: "HPE_PACKED" }));
      if (unknownEncoding(encodings) !== undefined) return bad();
      const unpacker = unpacking(encodings, {
        bytes(part) {
          size += part.length;
          if (size > MAX_BYTES) request.destroy(Object.assign(new Error("the answer is too large"), { code: "E2BIG" }));
          else parts.push(part);
        },
        end: () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(parts).toString("utf8"),
          }),
        fail: bad,
      });
      response.on("data", (part: Buffer) => unpacker.push(part, 0));
      response.on("end", () => unpacker.end());
      response.on("error", reject);
    });
    request.on("timeout", () => request.destroy(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" })));
    request.on("error", reject);
    request.end(body);
  });
}
