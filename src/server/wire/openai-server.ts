/** The HTTP front that our two OpenAI-compatible endpoints share: loopback Host check, CORS for any page, API key, errors in the dialect's words. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import findMyWay from "find-my-way";
import { InputError } from "../../engine/errors.ts";
import { HttpError } from "../http/body.ts";
import { isLoopbackHost } from "../http/guard.ts";
import { sendJson, sendText } from "../http/send.ts";
import { errorJson, type DialectName } from "./dialects.ts";

/** Prompts of a few million tokens still fit. */
export const MAX_BODY = 32e6;
/** Readable without a key, as on the servers that have one. */
const OPEN_PATHS = /^\/(health|metrics|version|control|log)(\/|\?|$)/;

export type Handle = (req: IncomingMessage, res: ServerResponse, params: Record<string, string | undefined>) => unknown;

export interface OpenAiServerOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Loopback unless another address is asked for; then any Host is answered. */
  readonly host?: string;
  readonly apiKey?: string;
  /** Whether pages of any origin may read the answers. */
  readonly cors: boolean;
  dialect(): DialectName;
  routes(on: (method: "GET" | "POST", path: string, handle: Handle) => void): void;
}

export interface OpenAiServer {
  /** Without a trailing slash and without /v1. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Rejects with EADDRINUSE when the port is taken. */
export async function startOpenAiServer(options: OpenAiServerOptions): Promise<OpenAiServer> {
  const { cors, apiKey, host = "127.0.0.1" } = options;
  const router = createRouter(options);
  const http = createServer((req, res) => {
    if (host === "127.0.0.1" && !isLoopbackHost(req.headers.host))
      return sendText(res, 403, "This server answers to its loopback address only.");
    if (cors) allowAnyOrigin(req, res);
    if (req.method === "OPTIONS") return void res.writeHead(cors ? 204 : 403).end();
    if (apiKey !== undefined && req.headers.authorization !== `Bearer ${apiKey}` && !OPEN_PATHS.test(req.url!))
      return refuse(options, res, 401, "AuthenticationError", "the API key is missing or wrong");
    router.lookup(req, res);
  });
  http.keepAliveTimeout = 60_000;
  const sockets = new Set<Socket>();
  http.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  });
  const port = await listen(http, options.port, host);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function createRouter(options: OpenAiServerOptions) {
  const router = findMyWay({
    defaultRoute: (_req, res) => refuse(options, res, 404, "NotFoundError", "there is no such path here"),
    ignoreTrailingSlash: true,
  });
  options.routes((method, path, handle) =>
    router.on(method, path, async (req, res, params) => {
      try {
        await handle(req, res, params);
      } catch (error) {
        if (res.headersSent) return void res.destroy();
        const message = error instanceof Error ? error.message : String(error);
        if (error instanceof InputError) return refuse(options, res, 400, "BadRequestError", message);
        if (error instanceof HttpError)
          return refuse(options, res, error.status, errorTypes[error.status] ?? "BadRequestError", message);
        refuse(options, res, 500, "InternalServerError", message);
      }
    }),
  );
  return router;
}

const errorTypes: Readonly<Record<number, string>> = { 404: "NotFoundError", 503: "ServiceUnavailable" };

function refuse(
  options: OpenAiServerOptions,
  res: ServerResponse,
  status: number,
  type: string,
  message: string,
): void {
  sendJson(res, status, errorJson(options.dialect(), status, type, message));
}

/** `*` in Allow-Headers does not cover Authorization, so what is asked for is named back. */
function allowAnyOrigin(req: IncomingMessage, res: ServerResponse): void {
  res.setHeader("access-control-allow-origin", "*");
  res.setHeader("access-control-expose-headers", "x-request-id, retry-after");
  res.setHeader("timing-allow-origin", "*");
  res.setHeader("cross-origin-resource-policy", "cross-origin");
  if (req.method !== "OPTIONS") return;
  res.setHeader("access-control-allow-methods", "GET, POST, OPTIONS");
  res.setHeader("access-control-allow-headers", req.headers["access-control-request-headers"] ?? "*");
  res.setHeader("access-control-allow-private-network", "true");
  res.setHeader("access-control-max-age", "7200");
}

function listen(http: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen(port, host, () => resolve((http.address() as AddressInfo).port));
  });
}
