/** One HTTP server for site and API on one origin. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { hostAllowed, isLocalhost, type AccessRules } from "./access.ts";
import { createApi, redeemLink, type RunnerApi } from "./api.ts";
import { sendText } from "./http/send.ts";
import type { Pairing } from "./pairing.ts";

export interface AnswerOptions {
  /** Also for other machines, with a token. */
  readonly open: boolean;
  readonly version: string;
  readonly simulatedEndpoint: string | null;
  readonly runner?: RunnerApi;
  readonly pairing: Pairing;
}

export interface ServeOptions extends AnswerOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Answers what is not the API's. */
  readonly site: (req: IncomingMessage, res: ServerResponse) => void;
}

export interface LocalServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Rejects with EADDRINUSE when the port is taken. */
export async function serve(options: ServeOptions): Promise<LocalServer> {
  let answer = (_req: IncomingMessage, res: ServerResponse): void => sendText(res, 503, "starting");
  const http = createServer((req, res) => answer(req, res));
  const sockets = new Set<Socket>();
  http.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  const port = await listen(http, options.port, options.open ? "0.0.0.0" : "127.0.0.1");
  const guarded = createAnswer(options, port);
  answer = (req, res) => guarded(req, res, () => options.site(req, res));
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    async close() {
      await options.runner?.close();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** The handler: Host first, then the API; what is neither's goes on to the site. */
export function createAnswer(options: AnswerOptions, port: number) {
  const rules: AccessRules = { port, open: options.open, pairing: options.pairing };
  const { version, simulatedEndpoint, runner } = options;
  const api = createApi({ rules, version, simulatedEndpoint, runner });
  return (req: IncomingMessage, res: ServerResponse, site: () => void): void => {
    if (isLocalhost(req, rules) && (req.method === "GET" || req.method === "HEAD"))
      return void res
        .writeHead(307, { location: `http://127.0.0.1:${port}${localPath(req.url!)}`, "cache-control": "no-store" })
        .end();
    if (!hostAllowed(req, rules)) return sendText(res, 403, "This server does not answer to that host name.");
    if (redeemLink(req, res, rules)) return;
    if (req.url!.startsWith("/api/")) return void api(req, res);
    site();
  };
}

/** A path that cannot be read as another host's address. */
function localPath(url: string): string {
  return `/${url.replace(/^[/\\]+/, "")}`;
}

function listen(http: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen(port, host, () => resolve((http.address() as AddressInfo).port));
  });
}
