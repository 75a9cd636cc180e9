/** llama.cpp as an OpenAI-compatible endpoint on loopback, speaking as llama-server does. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { HttpError, readJson } from "../http/body.ts";
import { sendJson, sendText } from "../http/send.ts";
import { readCompletionRequest, type CompletionRequest } from "../wire/completion-request.ts";
import { streamWriter, usageJson } from "../wire/dialects.ts";
import { MAX_BODY, startOpenAiServer } from "../wire/openai-server.ts";
import { readDetokenize, readTokenize } from "../wire/tokenize-body.ts";
import { createLlamaEngine, type Generation, type LlamaEngine, type LlamaEngineOptions } from "./engine.ts";

export interface LlamaEndpointOptions extends LlamaEngineOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** The name in `/v1/models`. */
  readonly name: string;
  readonly apiKey?: string;
}

export interface LlamaEndpoint {
  /** Without a trailing slash and without /v1. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

interface Counters {
  promptTokens: number;
  predictedTokens: number;
}

/** Loads the model and starts. Rejects with a sentence when llama.cpp does not run here, with EADDRINUSE when the port is taken. */
export async function startLlamaEndpoint(options: LlamaEndpointOptions): Promise<LlamaEndpoint> {
  const engine = await createLlamaEngine(options);
  const counters: Counters = { promptTokens: 0, predictedTokens: 0 };
  const server = await startOpenAiServer({
    port: options.port,
    apiKey: options.apiKey,
    cors: true,
    dialect: () => "llamacpp",
    routes(on) {
      on("POST", "/v1/chat/completions", (req, res) => complete(true, req, res));
      on("POST", "/v1/completions", (req, res) => complete(false, req, res));
      on("GET", "/v1/models", (_req, res) => sendJson(res, 200, models(options.name, engine)));
      on("GET", "/health", (_req, res) => sendJson(res, 200, { status: "ok" }));
      on("GET", "/metrics", (_req, res) => sendText(res, 200, metrics(engine, counters)));
      on("POST", "/tokenize", async (req, res) => {
        const tokens = engine.tokenize(readTokenize(await readJson(req, MAX_BODY)));
        sendJson(res, 200, { count: tokens.length, max_model_len: engine.context, tokens });
      });
      on("POST", "/detokenize", async (req, res) => {
        const content = engine.detokenize(readDetokenize(await readJson(req, MAX_BODY)));
        sendJson(res, 200, { content, prompt: content });
      });
    },
  });
  return {
    url: server.url,
    port: server.port,
    async close() {
      await server.close();
      await engine.close();
    },
  };

  async function complete(chat: boolean, req: IncomingMessage, res: ServerResponse): Promise<void> {
    const request = readCompletionRequest(chat, await readJson(req, MAX_BODY));
    if (request.model !== undefined && request.model !== options.name)
      throw new HttpError(404, `the model ${JSON.stringify(request.model)} is not served here; ${options.name} is`);
    const gone = new AbortController();
    res.on("close", () => gone.abort());
    const generation = engine.generate(request, gone.signal);
    counters.promptTokens += generation.promptTokens;
    const answer = {
      id: `${chat ? "chatcmpl" : "cmpl"}-${randomBytes(12).toString("hex")}`,
      created: Math.floor(Date.now() / 1000),
    };
    if (request.stream) await stream(request, generation, answer, res);
    else await whole(request, generation, answer, res);
  }

  async function stream(
    request: CompletionRequest,
    generation: Generation,
    answer: { id: string; created: number },
    res: ServerResponse,
  ): Promise<void> {
    const started = performance.now();
    let first = NaN;
    let completion = 0;
    const usage = () => ({ prompt: generation.promptTokens, completion, cached: 0, reasoning: 0 });
    const writer = streamWriter("llamacpp", {
      ...answer,
      model: options.name,
      chat: request.chat,
      usageAsked: request.includeUsage,
    });
    res.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
    res.flushHeaders();
    for await (const { text, tokens } of generation.pieces) {
      const opening = completion === 0 ? writer.role : "";
      if (completion === 0) first = performance.now();
      completion += tokens;
      counters.predictedTokens += tokens;
      res.write(
        opening + writer.content(text, { reasoning: false, usage: request.continuousUsage ? usage() : undefined }),
      );
    }
    const timings = {
      cache_n: 0,
      prompt_n: generation.promptTokens,
      prompt_ms: first - started || 0,
      predicted_n: completion,
      predicted_ms: performance.now() - first || 0,
    };
    res.end(
      writer.end(generation.finish(), request.includeUsage ? usage() : null, {
        done: true,
        timings: JSON.stringify(timings),
      }),
    );
  }

  async function whole(
    request: CompletionRequest,
    generation: Generation,
    answer: { id: string; created: number },
    res: ServerResponse,
  ): Promise<void> {
    let content = "";
    let completion = 0;
    for await (const { text, tokens } of generation.pieces) {
      content += text;
      completion += tokens;
      counters.predictedTokens += tokens;
    }
    if (res.destroyed) return;
    const finish = { finish_reason: generation.finish() };
    const choice = request.chat
      ? { index: 0, message: { role: "assistant", content }, ...finish }
      : { index: 0, text: content, logprobs: null, ...finish };
    const usage = usageJson({ prompt: generation.promptTokens, completion, cached: 0, reasoning: 0 });
    sendJson(res, 200, {
      ...answer,
      object: request.chat ? "chat.completion" : "text_completion",
      model: options.name,
      choices: [choice],
      usage: JSON.parse(usage) as unknown,
    });
  }
}

function models(name: string, engine: LlamaEngine) {
  const { parameters, bytes, vocabulary, trainContext } = engine.info;
  const meta = { n_params: parameters, size: bytes, n_vocab: vocabulary, n_ctx_train: trainContext };
  const created = Math.floor(Date.now() / 1000);
  return {
    object: "list",
    data: [{ id: name, object: "model", created, owned_by: "llamacpp", max_model_len: engine.context, meta }],
  };
}

/** llama-server's names (tools/server/server.cpp). */
function metrics(engine: LlamaEngine, counters: Counters): string {
  const { processing, deferred } = engine.state();
  const rows = [
    ["counter", "prompt_tokens_total", counters.promptTokens],
    ["counter", "tokens_predicted_total", counters.predictedTokens],
    ["gauge", "requests_processing", processing],
    ["gauge", "requests_deferred", deferred],
  ] as const;
  return rows.map(([type, name, value]) => `# TYPE llamacpp:${name} ${type}\nllamacpp:${name} ${value}\n`).join("");
}
