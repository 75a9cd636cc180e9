/** One answer on its way: turns tokens, as the pace releases them, into events on a socket, and logs when each left. */
import type { ServerResponse } from "node:http";
import type { AnswerText } from "./answer-text.ts";
import type { Behaviour, Fault } from "./behaviour.ts";
import { monotonic } from "./clock.ts";
import { streamWriter, usageJson, type Usage } from "../wire/dialects.ts";
import type { CompletionRequest } from "../wire/completion-request.ts";
import type { RequestLog } from "./log.ts";

export interface Answer {
  /** `count` new tokens, due at `due`. */
  tokens(count: number, due: number): void;
  /** A comment line, to keep a proxy awake. */
  ping(): void;
}

export interface AnswerOptions {
  readonly res: ServerResponse;
  readonly id: string;
  readonly created: number;
  readonly model: string;
  readonly request: CompletionRequest;
  readonly promptTokens: number;
  readonly text: AnswerText;
  readonly behaviour: Behaviour;
  readonly fault: Fault | undefined;
  readonly log: RequestLog;
  cachedTokens(): number;
  /** Called once when the answer has ended, by itself or by a fault. */
  ended(outcome: string): void;
}

/** A reset throws away what the other side has not read yet, so it comes a moment after the last token. */
const RESET_DELAY_MS = 30;

/** An answer under way: server-sent events. The headers leave at once. */
export function streamedAnswer(o: AnswerOptions): Answer {
  const { res, request, text, behaviour, fault, log } = o;
  const writer = streamWriter(behaviour.dialect, {
    id: o.id,
    created: o.created,
    model: o.model,
    chat: request.chat,
    usageAsked: request.includeUsage,
  });
  let generated = 0;
  let heldText = "";
  let heldTokens = 0;
  let heldReasoning = false;
  let opened = behaviour.earlyRole;
  let buffer = "";
  let buffered: { due: number; tokens: number }[] = [];
  let flushTimer: NodeJS.Timeout | undefined;
  let stalled = false;
  let dead = false;

  res.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
  res.flushHeaders();
  log.headers = monotonic();
  res.on("close", () => clearTimeout(flushTimer));
  const continuous = request.continuousUsage && behaviour.usage;
  const role = (): string =>
    continuous ? writer.roleWith({ ...usageNow(), completion: 0, reasoning: 0 }) : writer.role;
  const opening = writer.preface + (behaviour.earlyRole ? role() : "");
  if (opening) res.write(opening);

  return { tokens, ping: () => void (dead || stalled || res.write(": ping\n\n")) };

  function tokens(count: number, due: number): void {
    if (dead) return;
    for (let i = 0; i < count && generated < text.tokens; i++) {
      if (fault && generated >= fault.after && breakOff(fault)) return;
      const reasoning = generated < behaviour.reasoningTokens;
      if (heldTokens > 0 && reasoning !== heldReasoning) event(due, false);
      heldReasoning = reasoning;
      heldText += text.text(generated++);
      heldTokens++;
    }
    const last = generated >= text.tokens;
    if (last || heldTokens >= behaviour.tokensPerChunk) event(due, last);
  }

  function event(due: number, last: boolean): void {
    const finish = last ? text.finish : undefined;
    const usage = continuous ? usageNow() : undefined;
    if (!opened) buffer += role();
    opened = true;
    buffer += writer.content(heldText, { reasoning: heldReasoning, finish, usage });
    buffered.push({ due, tokens: heldTokens });
    heldText = "";
    heldTokens = 0;
    if (finish !== undefined) {
      const asked = request.includeUsage && behaviour.usage;
      buffer += writer.end(finish, asked ? usageNow() : null, { done: fault?.kind !== "noDone", timings: timings() });
      flush();
      if (!stalled) finished("succeeded");
    } else if (!behaviour.coalesce || buffered.length >= behaviour.coalesce.chunks) flush();
    else flushTimer ??= setTimeout(flush, Math.min(1e9, behaviour.coalesce.flushAfter * 1000));
  }

  function flush(): void {
    clearTimeout(flushTimer);
    flushTimer = undefined;
    if (stalled || dead || buffer === "") return;
    const out = buffer;
    const t = monotonic();
    for (const { due, tokens } of buffered) log.chunk(t, due, tokens);
    writeFrame(res, out);
    buffer = "";
    buffered = [];
  }

  /** Carries out a fault in the middle; true when no more tokens may be written now. */
  function breakOff(fault: Fault): boolean {
    if (fault.kind === "stall" && !stalled && generated === fault.after) stall(fault.seconds);
    if (fault.kind === "reset") setTimeout(() => res.socket?.resetAndDestroy(), RESET_DELAY_MS);
    else if (fault.kind === "cut") res.socket?.destroySoon();
    else if (fault.kind === "truncatedUtf8") {
      const whole = Buffer.from(writer.content(" é", { reasoning: false }));
      res.end(whole.subarray(0, whole.indexOf(0xc3) + 1));
    } else if (fault.kind === "errorMidStream") {
      const error = { message: "a scripted error", type: "InternalServerError", param: null, code: 500 };
      res.end(`data: ${JSON.stringify({ error })}\n\ndata: [DONE]\n\n`);
    } else return false;
    dead = true;
    o.ended(fault.kind);
    return true;
  }

  function stall(seconds: number): void {
    stalled = true;
    const timer = setTimeout(
      () => {
        stalled = false;
        flush();
        if (generated >= text.tokens) finished("succeeded");
      },
      Math.min(1e9, seconds * 1000),
    );
    res.on("close", () => clearTimeout(timer));
  }

  function finished(outcome: string): void {
    dead = true;
    res.end();
    o.ended(outcome);
  }

  function usageNow(): Usage {
    return {
      prompt: o.promptTokens,
      completion: generated,
      cached: o.cachedTokens(),
      reasoning: Math.min(generated, behaviour.reasoningTokens),
    };
  }

  function timings(): string {
    const promptMs = 1000 * (log.time(0) - log.accepted);
    const predictedMs = 1000 * (monotonic() - log.time(0));
    return JSON.stringify({
      cache_n: o.cachedTokens(),
      prompt_n: o.promptTokens - o.cachedTokens(),
      prompt_ms: Number.isNaN(promptMs) ? 0 : promptMs,
      predicted_n: generated,
      predicted_ms: Number.isNaN(predictedMs) ? 0 : predictedMs,
    });
  }
}

/** One chunk of a chunked body as one write to the socket; ServerResponse would make three of it. */
function writeFrame(res: ServerResponse, text: string): void {
  const { socket } = res;
  if (!socket || !res.chunkedEncoding || res.writableLength > 0) res.write(text);
  else socket.write(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
}

/** One JSON answer when all tokens are there. */
export function wholeAnswer(o: AnswerOptions): Answer {
  const { res, request, text, behaviour, fault, log } = o;
  let generated = 0;
  let done = false;

  return { tokens, ping() {} };

  function tokens(count: number, due: number): void {
    if (done) return;
    generated = Math.min(text.tokens, generated + count);
    log.chunk(monotonic(), due, count);
    if (fault && generated >= Math.min(fault.after, text.tokens) && breakOff(fault)) return;
    if (generated < text.tokens) return;
    done = true;
    if (fault?.kind === "stall") {
      const timer = setTimeout(() => send(bodyJson()), Math.min(1e9, fault.seconds * 1000));
      res.on("close", () => clearTimeout(timer));
    } else send(bodyJson());
  }

  function send(body: string): void {
    log.headers = monotonic();
    res.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
    res.end(body);
    o.ended("succeeded");
  }

  function breakOff(fault: Fault): boolean {
    if (fault.kind === "reset") res.socket?.resetAndDestroy();
    else if (fault.kind === "cut" || fault.kind === "truncatedUtf8") {
      const whole = Buffer.from(bodyJson());
      const accent = fault.kind === "cut" ? -1 : whole.findIndex((byte) => byte >= 0x80);
      res.writeHead(200, { "content-type": "application/json", "content-length": whole.length });
      res.write(whole.subarray(0, accent >= 0 ? accent + 1 : whole.length >> 1), () => res.socket?.destroySoon());
    } else if (fault.kind === "errorMidStream") {
      const error = { message: "a scripted error", type: "InternalServerError", param: null, code: 500 };
      res.writeHead(200, { "content-type": "application/json" });
      res.end(JSON.stringify({ error }));
    } else return false;
    done = true;
    o.ended(fault.kind);
    return true;
  }

  function bodyJson(): string {
    const texts = Array.from({ length: text.tokens }, (_, i) => text.text(i));
    const reasoning = texts.slice(0, behaviour.reasoningTokens).join("");
    const content = texts.slice(behaviour.reasoningTokens).join("");
    const finish = { logprobs: null, finish_reason: text.finish };
    const message = { role: "assistant", content, ...(reasoning && { reasoning_content: reasoning }) };
    const choice = request.chat ? { index: 0, message, ...finish } : { index: 0, text: reasoning + content, ...finish };
    const usage = usageJson({
      prompt: o.promptTokens,
      completion: text.tokens,
      cached: o.cachedTokens(),
      reasoning: Math.min(text.tokens, behaviour.reasoningTokens),
    });
    const object = request.chat ? "chat.completion" : "text_completion";
    return JSON.stringify({
      id: o.id,
      object,
      created: o.created,
      model: o.model,
      choices: [choice],
      ...(behaviour.usage && { usage: JSON.parse(usage) as unknown }),
    });
  }
}
