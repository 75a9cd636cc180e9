/** The HTTP front that our two OpenAI-compatible endpoints share: loopback Host check, CORS for any page, API key, errors in the dialect's words. */
import type { IncomingMessage, ServerResponse } from "node:http";
import findMyWay from "find-my-way";
import { InputError } from "../../engine/errors.ts";
import { HttpError } from "../http/body.ts";
import { isLoopbackHost } from "../http/guard.ts";
import { createLog, nameOf, type Log } from "../http/log.ts";
import { sendJson } from "../http/send.ts";
import { startSturdyServer } from "../http/sturdy-server.ts";
import { requestTarget } from "../http/target.ts";
import { errorJson, type DialectName } from "./dialects.ts";

/** Prompts of a few million tokens still fit. */
export const MAX_BODY = 32e6;
/** Readable without a key, as on the servers that have one. */
const OPEN_PATHS = /^\/(health|ping|load|metrics|version|control|log)(\/|$)/;

export type Handle = (req: IncomingMessage, res: ServerResponse, params: Record<string, string | undefined>) => unknown;

export interface OpenAiServerOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Loopback unless another address is asked for; then any Host is answered. */
  readonly host?: string;
  readonly apiKey?: string;
  /** Whether pages of any origin may read the answers. */
  readonly cors: boolean;
  /** Where refusals that nobody expected are told; stderr unless given. */
  readonly log?: Log;
  dialect(): DialectName;
  routes(on: (method: "GET" | "POST", path: string, handle: Handle) => void): void;
}

export interface OpenAiServer {
  /** Without a trailing slash and without /v1. */
  readonly url: string;
  readonly port: number;
  drain(): Promise<void>;
  close(): Promise<void>;
}

/** Rejects with EADDRINUSE when the port is taken. */
export async function startOpenAiServer(options: OpenAiServerOptions): Promise<OpenAiServer> {
  const { cors, apiKey, host = "127.0.0.1", log = createLog() } = options;
  const route = createRouter(options);
  const server = await startSturdyServer(options.port, host, log, () => (req, res) => {
    if (isLoopbackAddress(host) && !isLoopbackHost(req.headers.host))
      return refuse(options, res, 403, "PermissionDeniedError", FOREIGN_HOST);
    if (cors) allowAnyOrigin(req, res);
    if (req.method === "OPTIONS") return void res.writeHead(cors ? 204 : 403).end();
    const target = requestTarget(req.url);
    if (target === null)
      return refuse(options, res, 400, "BadRequestError", "a request needs a path, such as /v1/models");
    if (apiKey !== undefined && req.headers.authorization !== `Bearer ${apiKey}` && !OPEN_PATHS.test(target.pathname))
      return refuse(options, res, 401, "AuthenticationError", "the API key is missing or wrong");
    return route(req, res, target.pathname);
  });
  const { port, drain, close } = server;
  return { url: `http://${urlHost(host)}:${port}`, port, drain, close };
}

const FOREIGN_HOST =
  "This server answers to its loopback address only; behind a proxy or in a container, start it with --host 0.0.0.0.";

function isLoopbackAddress(host: string): boolean {
  return host === "::1" || host === "localhost" || host.startsWith("127.");
}

/** As a URL of this machine has it: an address that means "all" is reached by loopback. */
function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

/** Calls what is mounted at the path; HEAD asks as GET does, and Node leaves out the body. */
function createRouter(options: OpenAiServerOptions) {
  const router = findMyWay({ ignoreTrailingSlash: true });
  const handlers = new Map<string, Handle>();
  options.routes((method, path, handle) => {
    handlers.set(`${method} ${path}`, handle);
    router.on(method, path, () => {}, { key: `${method} ${path}` });
  });
  const find = (method: string, path: string) => {
    const found = router.find(method as "GET", path);
    const key = (found?.store as { key?: string } | null)?.key;
    return found && key !== undefined ? { handle: handlers.get(key)!, params: found.params } : undefined;
  };
  return async function route(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
    const method = req.method === "HEAD" ? "GET" : (req.method ?? "GET");
    const found = find(method, path);
    if (!found) {
      const other = method === "GET" ? "POST" : "GET";
      if (!find(other, path)) return refuse(options, res, 404, "NotFoundError", `there is no ${clipped(path)} here`);
      res.setHeader("allow", other === "GET" ? "GET, HEAD" : other);
      return refuse(
        options,
        res,
        405,
        "MethodNotAllowedError",
        `${clipped(path)} takes ${other}, not ${clipped(method)}`,
      );
    }
    try {
      await found.handle(req, res, found.params);
    } catch (error) {
      if (res.headersSent) {
        options.log?.(`${nameOf(req)}: broke off: ${messageOf(error)}`);
        return void res.destroy();
      }
      if (error instanceof InputError) return refuse(options, res, 400, "BadRequestError", messageOf(error));
      if (error instanceof HttpError)
        return refuse(options, res, error.status, errorTypes[error.status] ?? "BadRequestError", messageOf(error));
      options.log?.(`500 ${nameOf(req)}: ${messageOf(error)}`);
      refuse(options, res, 500, "InternalServerError", messageOf(error));
    }
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function clipped(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
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
