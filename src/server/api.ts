/** `/api/*`: hello, pairing and the runner, behind one guard for Host, Origin, method and size. */
import type { IncomingMessage, ServerResponse } from "node:http";
import findMyWay from "find-my-way";
import { accessOf, SESSION_COOKIE, SESSION_HEADER, type Access, type AccessRules } from "./access.ts";
import { HttpError, readJson } from "./http/body.ts";
import { sendJson, sendText } from "./http/send.ts";
import { requestTarget } from "./http/target.ts";

/** A workload of a million scripted requests still fits. */
const MAX_BODY = 32e6;
const MAX_TOKEN_BODY = 1000;

/** The part that runs load; src/server/runner/api.ts makes one. */
export interface RunnerApi {
  /** Answers `/api/runner/*`; false when it knows no such path. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>;
  close(): Promise<void>;
}

/** What `GET /api/hello` answers. */
export interface Hello {
  readonly name: "perflab";
  readonly version: string;
  /** Whether this server can run load. */
  readonly runner: boolean;
  readonly access: "own" | "paired";
  /** Base URL of the simulated endpoint, without /v1. */
  readonly simulatedEndpoint: string | null;
}

export interface ApiOptions {
  readonly rules: AccessRules;
  readonly version: string;
  readonly simulatedEndpoint: string | null;
  readonly runner?: RunnerApi;
}

/** Answers every request whose path starts with /api/. The Host must have been checked. */
export function createApi(options: ApiOptions) {
  const { rules, runner } = options;
  const router = findMyWay({
    defaultRoute: (_req, res) => sendJson(res, 404, { error: "there is no such path here" }),
  });
  router.on("GET", "/api/hello", (_req, res, _params, store: Access) => {
    const hello: Hello = {
      name: "perflab",
      version: options.version,
      runner: runner !== undefined,
      access: store.kind === "paired" ? "paired" : "own",
      simulatedEndpoint: options.simulatedEndpoint,
    };
    sendJson(res, 200, hello);
  });

  return async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    try {
      if (tooLarge(req)) return sendJson(res, 413, { error: `a body may have at most ${MAX_BODY} bytes, announced` });
      const path = requestTarget(req.url)?.pathname ?? "";
      if (req.method === "OPTIONS") return preflight(req, res, path);
      if (path === "/api/pair" && req.method === "POST") return await pair(req, res);
      const access = accessOf(req, rules);
      if (access.kind === "refused") return sendJson(res, 403, { error: access.reason });
      if (access.kind === "paired") allow(res, access.origin);
      if (path.startsWith("/api/runner/") && runner) {
        if (!(await runner.handle(req, res))) sendJson(res, 404, { error: "there is no such path here" });
        return;
      }
      const route = router.find(req.method as "GET", path);
      if (!route) return sendJson(res, 404, { error: "there is no such path here" });
      route.handler(req, res, route.params, access, {});
    } catch (error) {
      if (res.headersSent) return void res.destroy();
      const status = error instanceof HttpError ? error.status : 500;
      sendJson(res, status, { error: error instanceof Error ? error.message : "something went wrong" });
    }
  };

  /** A page of another origin asks first; it may, if it is paired or about to pair. */
  function preflight(req: IncomingMessage, res: ServerResponse, path: string): void {
    const { origin } = req.headers;
    const welcome = origin !== undefined && origin !== "null" && (path === "/api/pair" || rules.pairing.knows(origin));
    if (!welcome) return sendText(res, 403, "this page is not paired with this runner");
    allow(res, origin);
    res.setHeader("access-control-allow-methods", "GET, POST, DELETE");
    res.setHeader("access-control-allow-headers", `content-type, ${SESSION_HEADER}`);
    res.setHeader("access-control-allow-private-network", "true");
    res.setHeader("access-control-max-age", "600");
    res.writeHead(204).end();
  }

  async function pair(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { origin } = req.headers;
    if (origin === undefined || origin === "null") throw new HttpError(403, "pages without an origin are refused");
    const body = (await readJson(req, MAX_TOKEN_BODY)) as { token?: unknown };
    const session = typeof body.token === "string" ? rules.pairing.redeem(body.token, origin) : null;
    allow(res, origin);
    if (!session)
      throw new HttpError(403, "the token is wrong or has been used; the server prints the one that is good");
    sendJson(res, 200, { session });
  }
}

/** `GET /?token=…` on another machine's browser: trades the token for a cookie. True when answered. */
export function redeemLink(req: IncomingMessage, res: ServerResponse, rules: AccessRules): boolean {
  if (!rules.open || req.method !== "GET") return false;
  const url = requestTarget(req.url);
  const token = url?.searchParams.get("token") ?? null;
  if (url === null || token === null) return false;
  const session = rules.pairing.redeem(token, `http://${req.headers.host}`);
  if (!session) {
    sendText(res, 403, "The token is wrong or has been used; the server prints the one that is good.");
    return true;
  }
  url.searchParams.delete("token");
  res.writeHead(303, {
    // Two slashes at the front would lead to another host.
    location: url.pathname.replace(/^\/+/, "/") + url.search,
    "set-cookie": `${SESSION_COOKIE}=${session}; HttpOnly; SameSite=Strict; Path=/`,
    "referrer-policy": "no-referrer",
  });
  res.end();
  return true;
}

function allow(res: ServerResponse, origin: string): void {
  res.setHeader("access-control-allow-origin", origin);
  res.setHeader("vary", "origin");
}

/** A body of unannounced length is refused too. */
function tooLarge(req: IncomingMessage): boolean {
  return req.headers["transfer-encoding"] !== undefined || Number(req.headers["content-length"] ?? 0) > MAX_BODY;
}
