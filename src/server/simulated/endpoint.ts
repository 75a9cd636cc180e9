/** The simulated endpoint: the simulator with a socket. An OpenAI-compatible server on loopback whose tokens leave when a simulated engine says so. */
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import findMyWay from "find-my-way";
import { z } from "zod";
import { InputError } from "../../engine/errors.ts";
import { HttpError, readJson } from "../http/body.ts";
import { isLoopbackHost, isLoopbackOrigin } from "../http/guard.ts";
import { sendJson, sendText } from "../http/send.ts";
import { check } from "../wire/check.ts";
import { parseFault } from "./behaviour.ts";
import { wallOffset } from "./clock.ts";
import { promptBlocks } from "./prompt-blocks.ts";
import { errorJson } from "../wire/dialects.ts";
import type { EmissionLog } from "./log.ts";
import type { SimulatedEndpointOptions } from "./options.ts";
import { createService, type Service } from "./service.ts";
import { decode, encode } from "./tokens.ts";

const MAX_BODY = 32e6;
const tokenizeBody = z.object({
  prompt: z.string().optional(),
  content: z.string().optional(),
  messages: z.array(z.object({ role: z.string(), content: z.string().nullish() })).optional(),
});
const detokenizeBody = z.object({ tokens: z.array(z.int()) });

export interface SimulatedEndpoint {
  /** Without a trailing slash and without /v1. */
  readonly url: string;
  readonly port: number;
  readonly log: EmissionLog;
  close(): Promise<void>;
}

/** Starts it on 127.0.0.1. Throws InputError on bad options; rejects with EADDRINUSE when the port is taken. */
export async function startSimulatedEndpoint(options: SimulatedEndpointOptions = {}): Promise<SimulatedEndpoint> {
  const service = createService(options);
  const router = routes(service);
  const cors = options.cors ?? true;
  const host = options.host ?? "127.0.0.1";
  const open = host !== "127.0.0.1";
  const http = createServer((req, res) => {
    if (!open && !isLoopbackHost(req.headers.host))
      return sendText(res, 403, "This server answers to its loopback address only.");
    if (cors) allowAnyOrigin(req, res);
    if (req.method === "OPTIONS") return void res.writeHead(cors ? 204 : 403).end();
    if (options.apiKey !== undefined && req.headers.authorization !== `Bearer ${options.apiKey}` && guarded(req.url!))
      return refuse(service, res, 401, "AuthenticationError", "the API key is missing or wrong");
    router.lookup(req, res);
  });
  const sockets = new Set<Socket>();
  http.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  });
  http.keepAliveTimeout = 60_000;
  const port = await listen(http, options.port ?? 0, host);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    log: service.log,
    async close() {
      service.close();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function guarded(url: string): boolean {
  return !/^\/(health|metrics|version|control|log)\b/.test(url);
}

function listen(http: HttpServer, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen(port, host, () => resolve((http.address() as AddressInfo).port));
  });
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

function refuse(service: Service, res: ServerResponse, status: number, type: string, message: string): void {
  sendJson(res, status, errorJson(service.behaviour().dialect, status, type, message));
}

function routes(service: Service) {
  const router = findMyWay({
    defaultRoute: (_req, res) => refuse(service, res, 404, "NotFoundError", "there is no such path here"),
    ignoreTrailingSlash: true,
  });
  type Handle = (req: IncomingMessage, res: ServerResponse, params: Record<string, string | undefined>) => unknown;
  const on = (method: "GET" | "POST", path: string, handle: Handle) =>
    router.on(method, path, async (req, res, params) => {
      try {
        await handle(req, res, params);
      } catch (error) {
        if (res.headersSent) return void res.destroy();
        if (error instanceof InputError) return refuse(service, res, 400, "BadRequestError", error.message);
        if (error instanceof HttpError) return refuse(service, res, error.status, "BadRequestError", error.message);
        refuse(service, res, 500, "InternalServerError", error instanceof Error ? error.message : String(error));
      }
    });

  for (const [path, chat] of [
    ["/v1/chat/completions", true],
    ["/v1/completions", false],
    ["/openai/deployments/:deployment/chat/completions", true],
    ["/openai/deployments/:deployment/completions", false],
  ] as const)
    on("POST", path, async (req, res) => {
      const accepted = service.now();
      const body = await readJson(req, MAX_BODY);
      const header = req.headers["x-simulate-fault"];
      await service.complete({
        res,
        chat,
        body,
        accepted,
        requestId: String(req.headers["x-request-id"] ?? ""),
        fault: typeof header === "string" ? parseFault(header) : undefined,
      });
    });

  on("GET", "/v1/models", (_req, res) => sendJson(res, 200, service.models()));
  on("GET", "/health", (_req, res) => void res.writeHead(200, { "content-length": 0 }).end());
  on("GET", "/version", (_req, res) => sendJson(res, 200, { version: "simulated" }));
  on("GET", "/metrics", (_req, res) =>
    sendText(res, 200, service.metricsText(), { "content-type": "text/plain; version=0.0.4; charset=utf-8" }),
  );

  on("POST", "/tokenize", async (req, res) => {
    const { prompt, content, messages } = check(tokenizeBody, await readJson(req, MAX_BODY));
    if (messages) {
      const chat = messages.map(({ role, content }) => ({ role, content: content ?? "" }));
      const count = promptBlocks({ kind: "chat", messages: chat }).tokens;
      return sendJson(res, 200, {
        count,
        max_model_len: service.maxModelLen,
        tokens: new Array<number>(count).fill(0),
      });
    }
    const text = prompt ?? content;
    if (text === undefined) throw new InputError("prompt", undefined, "a string");
    const tokens = encode(text);
    sendJson(res, 200, { count: tokens.length, max_model_len: service.maxModelLen, tokens });
  });
  on("POST", "/detokenize", async (req, res) => {
    const { tokens } = check(detokenizeBody, await readJson(req, MAX_BODY));
    sendJson(res, 200, { prompt: decode(tokens) });
  });

  on("GET", "/log", (_req, res) =>
    sendJson(res, 200, {
      clock: "monotonic seconds of this machine",
      wallOffset: wallOffset(),
      lateness: service.log.lateness(),
      slipped: service.slipped(),
      dropped: service.log.dropped,
      requests: service.log.all().map((entry) => entry.summary()),
    }),
  );
  on("GET", "/log/:id", (_req, res, { id }) => {
    const entry = service.log.find(id ?? "");
    if (!entry) throw new HttpError(404, "no request of that id is in the log");
    sendJson(res, 200, { wallOffset: wallOffset(), ...entry.detail() });
  });
  on("GET", "/control", (_req, res) => sendJson(res, 200, service.settings()));
  on("POST", "/control", async (req, res) => {
    const { origin } = req.headers;
    if (origin !== undefined && !isLoopbackOrigin(origin))
      throw new HttpError(403, "only pages of this machine may do that");
    service.control(await readJson(req, MAX_BODY));
    sendJson(res, 200, service.settings());
  });
  return router;
}
