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
  /** Ends every connection. */
  close(): Promise<void>;
}

/** Rejects with EADDRINUSE when the port is taken. `answer` is asked for once the port is known. */
export async function startSturdyServer(
  port: number,
  host: string,
  log: Log,
  answerAt: (port: number) => Answer,
): Promise<SturdyServer> {
  let answer: Answer = (_req, res) => sendText(res, 503, "starting");
  const http = createServer((req, res) => guarded(answer, log)(req, res));
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
