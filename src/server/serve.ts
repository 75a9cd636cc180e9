/** One HTTP server for site and API on one origin. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { hostAllowed, isLocalhost, type AccessRules } from "./access.ts";
import { createApi, redeemLink, type RunnerApi } from "./api.ts";
import { nameOf, type Log } from "./http/log.ts";
import { sendText } from "./http/send.ts";
import { startSturdyServer } from "./http/sturdy-server.ts";
import type { Pairing } from "./pairing.ts";

export interface AnswerOptions {
  /** Also for other machines, with a token. */
  readonly open: boolean;
  readonly version: string;
  readonly simulatedEndpoint: string | null;
  readonly runner?: RunnerApi;
  readonly pairing: Pairing;
  readonly log: Log;
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
  /** Takes no new connection, and resolves once every request that is being answered has been. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

/** Rejects with EADDRINUSE when the port is taken. */
export async function serve(options: ServeOptions): Promise<LocalServer> {
  const host = options.open ? "0.0.0.0" : "127.0.0.1";
  const server = await startSturdyServer(options.port, host, options.log, (port) => {
    const answer = createAnswer(options, port);
    return (req, res) => answer(req, res, () => options.site(req, res));
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    port: server.port,
    drain: () => server.drain(),
    async close() {
      await options.runner?.close();
      await server.close();
    },
  };
}

/** The handler: Host first, then the API; what is neither's goes on to the site. */
export function createAnswer(options: AnswerOptions, port: number) {
  const rules: AccessRules = { port, open: options.open, pairing: options.pairing };
  const { version, simulatedEndpoint, runner } = options;
  const api = createApi({ rules, version, simulatedEndpoint, runner });
  return (req: IncomingMessage, res: ServerResponse, site: () => unknown): unknown => {
    if (isLocalhost(req, rules) && (req.method === "GET" || req.method === "HEAD"))
      return void res
        .writeHead(307, { location: `http://127.0.0.1:${port}${localPath(req.url!)}`, "cache-control": "no-store" })
        .end();
    if (!hostAllowed(req, rules)) {
      options.log(`403 ${nameOf(req)}: not a name of this server: ${req.headers.host ?? "no Host"}`);
      return sendText(res, 403, "This server does not answer to that host name.");
    }
    if (redeemLink(req, res, rules)) return;
    if (req.url!.startsWith("/api/")) return api(req, res);
    return site();
  };
}

/** A path that cannot be read as another host's address. */
function localPath(url: string): string {
  return `/${url.replace(/^[/\\]+/, "")}`;
}
