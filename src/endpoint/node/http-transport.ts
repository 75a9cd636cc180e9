/** Sends the load with node:http: kept-alive connections without a cap, and one time stamp per socket read. */
import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import type { Exchange, Sink, Transport, WireRequest } from "../../engine/benchmark/transport.ts";
import { nodeFailure } from "../failures.ts";
import { normalBaseUrl, type EndpointTarget } from "../endpoint-target.ts";
import { monotonic } from "./node-clock.ts";

export interface HttpTransport extends Transport {
  /** Closes the kept-alive connections. */
  close(): void;
}

/** When the socket's newest bytes were read, seconds. */
interface Stamp {
  t: number;
}

const stamps = new WeakMap<Socket, Stamp>();

/** Runs before the HTTP parser's own listener, so that parsing one read can't delay its stamp. */
function stampOf(socket: Socket): Stamp {
  let stamp = stamps.get(socket);
  if (!stamp) {
    const fresh: Stamp = { t: monotonic() };
    socket.prependListener("data", () => {
      fresh.t = monotonic();
    });
    stamps.set(socket, fresh);
    stamp = fresh;
  }
  return stamp;
}

/** The headers that every request to this target carries. */
export function targetHeaders(target: EndpointTarget): Record<string, string> {
  return {
    ...target.headers,
    ...(target.key !== undefined && target.key !== "" && { authorization: `Bearer ${target.key}` }),
  };
}

/** Redirects are not followed (the reader names them), so the key goes to the target's own origin only. */
export function httpTransport(target: EndpointTarget): HttpTransport {
  const base = new URL(normalBaseUrl(target.baseUrl));
  const secure = base.protocol === "https:";
  const agentOptions = { keepAlive: true, maxSockets: Infinity, maxFreeSockets: 4096, scheduling: "lifo" as const };
  const agent = secure
    ? new https.Agent({ ...agentOptions, rejectUnauthorized: target.insecureTls !== true })
    : new http.Agent(agentOptions);
  const common = {
    agent,
    method: "POST",
    protocol: base.protocol,
    hostname: base.hostname.replace(/^\[|\]$/g, ""),
    port: base.port === "" ? (secure ? 443 : 80) : Number(base.port),
  };
  const headers = {
    ...targetHeaders(target),
    "content-type": "application/json",
    accept: "text/event-stream, application/json",
  };
  const begin = secure ? https.request : http.request;

  function send(request: WireRequest, sink: Sink, retried = false): Exchange {
    const body = Buffer.from(request.body);
    let aborted = false;
    let retry: Exchange | undefined;
    let stamp: Stamp = { t: NaN };
    const outgoing = begin({
      ...common,
      path: base.pathname + request.path,
      headers: { ...headers, "content-length": body.length, "x-request-id": request.id },
    });
    outgoing.on("socket", (socket: Socket) => {
      stamp = stampOf(socket);
    });
    outgoing.on("response", (response) => {
      sink.headers(response.statusCode ?? 0, (name) => headerText(response.headers[name]), stamp.t);
      response.on("data", (bytes: Buffer) => sink.chunk(bytes, stamp.t));
      response.on("end", () => sink.end(monotonic()));
      response.on("error", (error: NodeJS.ErrnoException) => {
        if (!aborted) sink.fail(nodeFailure(error), monotonic());
      });
    });
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      if (aborted) return;
      // An idle kept-alive connection that the server closes just as we write: nothing was answered, so once more on a fresh one.
      if (outgoing.reusedSocket && error.code === "ECONNRESET" && !retried) retry = send(request, sink, true);
      else sink.fail(nodeFailure(error), monotonic());
    });
    outgoing.end(body);
    return {
      abort() {
        aborted = true;
        outgoing.destroy();
        retry?.abort();
      },
    };
  }

  return { name: secure ? "node:https" : "node:http", send, close: () => agent.destroy() };
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(", ") : value;
}
