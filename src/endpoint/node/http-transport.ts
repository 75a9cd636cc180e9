/** Sends the load with node:http: kept-alive connections without a cap, and one time stamp per socket read. */
import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import type { Exchange, Sink, Transport, WireRequest } from "../../engine/benchmark/transport.ts";
import { nodeFailure } from "../failures.ts";
import { normalBaseUrl } from "../base-url.ts";
import type { EndpointTarget } from "../endpoint-target.ts";
import { monotonic } from "./node-clock.ts";
import { proxyFor, type ProxyChoice } from "./proxy.ts";
import { encodingsOf, unknownEncoding, unpacking } from "./unpack.ts";

export interface HttpTransport extends Transport {
  /** The proxy of the environment that the load goes through, or that can't be used. */
  readonly proxy?: ProxyChoice;
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

/** The headers that every request to this target carries, by their names in small letters. The user's own win. */
export function targetHeaders(target: EndpointTarget): Record<string, string> {
  const own = Object.entries(target.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    ...(target.key !== undefined && target.key !== "" && { authorization: `Bearer ${target.key}` }),
    ...Object.fromEntries(own),
  };
}

/** Without a proxy where the environment names none for this address. */
export function agentFor(url: URL, target: EndpointTarget, options: http.AgentOptions): http.Agent {
  const { proxyEnv } = proxyFor(url) ?? {};
  const how = { ...options, ...(proxyEnv && { proxyEnv }) };
  return url.protocol === "https:"
    ? new https.Agent({ ...how, rejectUnauthorized: target.insecureTls !== true })
    : new http.Agent(how);
}

/** Redirects are not followed (the reader names them), so the key goes to the target's own origin only. */
export function httpTransport(target: EndpointTarget): HttpTransport {
  const base = new URL(normalBaseUrl(target.baseUrl));
  const secure = base.protocol === "https:";
  const agent = agentFor(base, target, {
    keepAlive: true,
    maxSockets: Infinity,
    maxFreeSockets: 4096,
    scheduling: "lifo",
  });
  const proxy = proxyFor(base);
  const common = {
    agent,
    method: "POST",
    protocol: base.protocol,
    hostname: base.hostname.replace(/^\[|\]$/g, ""),
    port: base.port === "" ? (secure ? 443 : 80) : Number(base.port),
  };
  const own = targetHeaders(target);
  const headers = {
    "content-type": "application/json",
    accept: "text/event-stream, application/json",
    // Packing delays tokens; whoever packs all the same is unpacked below.
    "accept-encoding": "identity",
    ...own,
  };
  const ownId = "x-request-id" in own;
  const begin = secure ? https.request : http.request;

  function send(request: WireRequest, sink: Sink, retried = false): Exchange {
    const body = Buffer.from(request.body);
    let aborted = false;
    let retry: Exchange | undefined;
    let stamp: Stamp = { t: NaN };
    const outgoing = begin({
      ...common,
      path: base.pathname + request.path + base.search,
      headers: {
        ...headers,
        "content-length": body.length,
        ...(request.id !== undefined && !ownId && { "x-request-id": request.id }),
      },
    });
    outgoing.on("socket", (socket: Socket) => {
      stamp = stampOf(socket);
    });
    outgoing.on("response", (response) => {
      sink.headers(response.statusCode ?? 0, (name) => headerText(response.headers[name]), stamp.t);
      const encodings = encodingsOf(headerText(response.headers["content-encoding"]));
      if (encodings.length > 0) unpack(response, encodings);
      else {
        response.on("data", (bytes: Buffer) => sink.chunk(bytes, stamp.t));
        response.on("end", () => sink.end(monotonic()));
      }
      response.on("error", (error: NodeJS.ErrnoException) => {
        if (!aborted) sink.fail(nodeFailure(error), monotonic());
      });
    });
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      if (aborted) return;
      // An idle kept-alive connection that the server closes just as we write: nothing was answered, so once more on a fresh one.
      if (outgoing.reusedSocket && error.code === "ECONNRESET" && !retried && sink.mayResend?.())
        retry = send(request, sink, true);
      else sink.fail(nodeFailure(error), monotonic());
    });
    function unpack(response: http.IncomingMessage, encodings: readonly string[]): void {
      const fail = (what: string): void => {
        if (aborted) return;
        aborted = true;
        outgoing.destroy();
        sink.fail({ kind: "malformed", message: `The answer ${what}.` }, monotonic());
      };
      const unknown = unknownEncoding(encodings);
      if (unknown !== undefined) return fail(`is packed as "${unknown.slice(0, 20)}", which can't be unpacked here`);
      const unpacker = unpacking(encodings, {
        bytes: (bytes, t) => void (!aborted && sink.chunk(bytes, t)),
        end: () => void (!aborted && sink.end(monotonic())),
        fail: () => fail(`says that it is packed as ${encodings.join(", ")}, and is not`),
      });
      response.on("data", (bytes: Buffer) => unpacker.push(bytes, stamp.t));
      response.on("end", () => unpacker.end());
    }
    outgoing.end(body);
    return {
      abort() {
        aborted = true;
        outgoing.destroy();
        retry?.abort();
      },
    };
  }

  return {
    name: secure ? "node:https" : "node:http",
    send,
    sendsIds: !ownId,
    ...(proxy && { proxy }),
    close: () => agent.destroy(),
  };
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(", ") : value;
}
