/** The simulated endpoint: the simulator with a socket. An OpenAI-compatible server on loopback whose tokens leave when a simulated engine says so. */
import { HttpError, readJson } from "../http/body.ts";
import { isLoopbackOrigin } from "../http/guard.ts";
import { sendJson, sendText } from "../http/send.ts";
import { MAX_BODY, startOpenAiServer, type Handle } from "../wire/openai-server.ts";
import { readDetokenize, readTokenize } from "../wire/tokenize-body.ts";
import { parseFault } from "./behaviour.ts";
import { wallOffset } from "./clock.ts";
import type { EmissionLog } from "./log.ts";
import type { SimulatedEndpointOptions } from "./options.ts";
import { promptBlocks } from "./prompt-blocks.ts";
import { createService, type Service } from "./service.ts";
import { decode, encode } from "./tokens.ts";

export interface SimulatedEndpoint {
  /** Without a trailing slash and without /v1. */
  readonly url: string;
  readonly port: number;
  readonly log: EmissionLog;
  /** Takes no new connection, and resolves once every answer has ended. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

/** Starts it on 127.0.0.1. Throws InputError on bad options; rejects with EADDRINUSE when the port is taken. */
export async function startSimulatedEndpoint(options: SimulatedEndpointOptions = {}): Promise<SimulatedEndpoint> {
  const service = createService(options);
  const server = await startOpenAiServer({
    port: options.port ?? 0,
    host: options.host,
    apiKey: options.apiKey,
    cors: options.cors ?? true,
    ...(options.log && { log: options.log }),
    dialect: () => service.behaviour().dialect,
    routes(on) {
      completionRoutes(service, on);
      serverRoutes(service, on);
      controlRoutes(service, on);
    },
  });
  return {
    url: server.url,
    port: server.port,
    log: service.log,
    drain: () => server.drain(),
    close() {
      service.close();
      return server.close();
    },
  };
}

type On = (method: "GET" | "POST", path: string, handle: Handle) => void;

function completionRoutes(service: Service, on: On): void {
  const complete =
    (chat: boolean): Handle =>
    async (req, res) => {
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
    };
  on("POST", "/v1/chat/completions", complete(true));
  on("POST", "/v1/completions", complete(false));
  // Azure's paths.
  on("POST", "/openai/deployments/:deployment/chat/completions", complete(true));
  on("POST", "/openai/deployments/:deployment/completions", complete(false));
}

function serverRoutes(service: Service, on: On): void {
  on("GET", "/v1/models", (_req, res) => sendJson(res, 200, service.models()));
  on("GET", "/v1/models/*", (_req, res, params) => {
    const wanted = params["*"] ?? "";
    const found = service.models().data.find(({ id }) => id === wanted);
    if (!found) throw new HttpError(404, `the model ${JSON.stringify(wanted)} does not exist`);
    sendJson(res, 200, found);
  });
  on("GET", "/ping", (_req, res) => res.writeHead(200, { "content-length": 0 }).end());
  on("GET", "/load", (_req, res) => sendJson(res, 200, { server_load: service.running() }));
  on("GET", "/health", (_req, res) => res.writeHead(200, { "content-length": 0 }).end());
  on("GET", "/version", (_req, res) => sendJson(res, 200, { version: "simulated" }));
  on("GET", "/metrics", (_req, res) =>
    sendText(res, 200, service.metricsText(), { "content-type": "text/plain; version=0.0.4; charset=utf-8" }),
  );
  on("POST", "/tokenize", async (req, res) => {
    const prompt = readTokenize(await readJson(req, MAX_BODY));
    const tokens =
      prompt.kind === "text" ? encode(prompt.text) : new Array<number>(promptBlocks(prompt).tokens).fill(0);
    sendJson(res, 200, { count: tokens.length, max_model_len: service.maxModelLen(), tokens });
  });
  on("POST", "/detokenize", async (req, res) => {
    sendJson(res, 200, { prompt: decode(readDetokenize(await readJson(req, MAX_BODY))) });
  });
}

function controlRoutes(service: Service, on: On): void {
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
}
