/**
 * An HTTP server that no request can end: whatever the request line, its headers, its handler or its socket do ends in a status,
 * or in a closed connection where no status can be sent any more, and in a line of the log.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { nameOf, type Log } from "./log.ts";
import { sendText } from "./send.ts";

export type Answer = (req: IncomingMessage, res: ServerResponse) => unknown;

export interface SturdyServer {
  readonly port: number;
  /** Takes no new connection, and resolves once every request that is being answered has been. */
  drain(): Promise<void>;
  /** Ends every connection. */
  close(): Promise<void>;
}

export interface Limits {
  /** Requests that are answered at the same time; those beyond are refused with 503. */
  readonly requests: number;
  /** Milliseconds in which a client has to send its headers, and its whole request. */
  readonly headers: number;
  readonly request: number;
}

const usual: Limits = { requests: 10_000, headers: 20_000, request: 120_000 };

/** Rejects with EADDRINUSE when the port is taken. `answer` is asked for once the port is known. */
export async function startSturdyServer(
  port: number,
  host: string,
  log: Log,
  answerAt: (port: number) => Answer,
  limits: Limits = usual,
): Promise<SturdyServer> {
  let answer: Answer = (_req, res) => sendText(res, 503, "starting");
  const underWay = new Set<ServerResponse>();
  let drained = (): void => {};
  const timeouts = {
    headersTimeout: limits.headers,
    requestTimeout: limits.request,
    connectionsCheckingInterval: Math.min(limits.headers, 5_000),
  };
  const http = createServer(timeouts, (req, res) => {
    if (underWay.size >= limits.requests) {
      log(`503 ${nameOf(req)}: ${underWay.size} requests are under way`);
      return sendText(res, 503, "This server is answering as many requests as it can; ask again.", {
        "retry-after": "1",
      });
    }
    underWay.add(res);
    res.on("close", () => {
      underWay.delete(res);
      if (underWay.size === 0) drained();
    });
    guarded(answer, log)(req, res);
  });
  const sockets = new Set<Socket>();
  http.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  });
  http.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => refuseUnread(error, socket, log));
  // Asks for a tunnel: there is none.
  http.on("connect", (req: IncomingMessage, socket: Socket) => {
    log(`405 ${nameOf(req)}`);
    socket.end("HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });
  const bound = await listen(http, port, host);
  http.on("error", (error) => log(`server: ${error.message}`));
  answer = answerAt(bound);
  return {
    port: bound,
    async drain() {
      http.close();
      http.closeIdleConnections();
      if (underWay.size > 0) await new Promise<void>((resolve) => (drained = resolve));
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** The handler with everything caught that it throws, rejects with or emits. */
export function guarded(answer: Answer, log: Log): (req: IncomingMessage, res: ServerResponse) => void {
  return (req, res) => {
    const fail = (error: unknown): void => {
      log(`500 ${nameOf(req)}: ${messageOf(error)}`);
      if (res.headersSent) res.destroy();
      else sendText(res, 500, "The server failed at this request; its log says how.");
    };
    // A client that leaves is none of our faults.
    const note = (error: NodeJS.ErrnoException): void => {
      if (error.code !== "ECONNRESET") log(`${nameOf(req)}: ${error.message}`);
    };
    // Without a listener, an error of either stream ends the process.
    req.on("error", note);
    res.on("error", note);
    try {
      Promise.resolve(answer(req, res)).catch(fail);
    } catch (error) {
      fail(error);
    }
  };
}

const STATUS_OF: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "413 Payload Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

/** What can't be read as HTTP, and sockets that broke. */
function refuseUnread(error: NodeJS.ErrnoException, socket: Socket, log: Log): void {
  const status = STATUS_OF[error.code ?? ""] ?? "400 Bad Request";
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  log(`${status.slice(0, 3)} unreadable request: ${error.message}`);
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/**
 * The last resort of a process that serves: an error that nothing caught becomes a line of the log, and the server goes on.
 * A reader of our output that has gone away is none.
 */
export function outliveErrors(log: Log): void {
  process.on("uncaughtException", (error) => log(`not caught: ${error.stack ?? error.message}`));
  process.on("unhandledRejection", (error) => log(`not caught: ${messageOf(error)}`));
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
}

function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return "something that can't be shown";
  }
}

function listen(http: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen(port, host, () => {
      http.off("error", reject);
      resolve((http.address() as AddressInfo).port);
    });
  });
}
