/** One small request to an endpoint outside the load: model lists, health, metrics, probes. Never follows a redirect. */
import http from "node:http";
import https from "node:https";
import { targetHeaders } from "./http-transport.ts";
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
    ...(secure && { rejectUnauthorized: target.insecureTls !== true }),
  };
  return new Promise((resolve, reject) => {
    const request = (secure ? https.request : http.request)(url, { ...options, agent: false }, (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      response.on("data", (part: Buffer) => {
        size += part.length;
        if (size > MAX_BYTES) request.destroy(Object.assign(new Error("the answer is too large"), { code: "E2BIG" }));
        else parts.push(part);
      });
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts).toString("utf8"),
        }),
      );
      response.on("error", reject);
    });
    request.on("timeout", () => request.destroy(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" })));
    request.on("error", reject);
    request.end(body);
  });
}
