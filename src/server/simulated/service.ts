/** What the simulated endpoint does, apart from HTTP routing: admits requests to the pace, hands tokens to answers, keeps log and metrics. */
import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import { model as findModel } from "../../engine/catalog/model.ts";
import { InputError } from "../../engine/errors.ts";
import type { Server } from "../../engine/server.ts";
import { createLog } from "../http/log.ts";
import { sendJson } from "../http/send.ts";
import { streamedAnswer, wholeAnswer, type Answer, type AnswerOptions } from "./answer.ts";
import { admitted } from "./admission.ts";
import type { AnswerText } from "./answer-text.ts";
import { check } from "../wire/check.ts";
import { checkBehaviour, type Fault } from "./behaviour.ts";
import { realClock } from "./clock.ts";
import { readCompletionRequest, type CompletionRequest } from "../wire/completion-request.ts";
import { errorJson } from "../wire/dialects.ts";
import { faultFor } from "./faults.ts";
import { EmissionLog, type RequestLog } from "./log.ts";
import { Metrics } from "./metrics.ts";
import type { SimulatedEndpointOptions } from "./options.ts";
import { createPacer, type Pacer } from "./pacer.ts";
import { fixedPace, type FixedPace } from "./pace/fixed.ts";
import { simulatorPace } from "./pace/simulator.ts";
import { controlBody, startSchema } from "./settings.ts";

/** What sets the pace: a simulated server, unless a fixed pace is given. */
interface PaceSetup {
  readonly server: Server;
  readonly fixed: FixedPace | undefined;
  readonly timeScale: number;
}

const toLog = createLog();

interface Live {
  readonly res: ServerResponse;
  readonly answer: Answer;
  readonly log: RequestLog;
  readonly text: AnswerText;
  firstAt: number;
  lastAt: number;
  generated: number;
}

export interface CompletionCall {
  readonly res: ServerResponse;
  readonly chat: boolean;
  readonly body: unknown;
  /** When the request was accepted, on the endpoint's clock. */
  readonly accepted: number;
  readonly requestId: string;
  /** A fault asked for by header; goes before the scripted ones. */
  readonly fault: Fault | undefined;
}

export type Service = ReturnType<typeof createService>;

/** Throws InputError on bad options. */
export function createService(options: SimulatedEndpointOptions) {
  check(startSchema, options);
  const clock = options.clock ?? realClock;
  const seed = options.seed ?? 0;
  const log = new EmissionLog();
  const metrics = new Metrics();
  const live = new Map<number, Live>();
  const started = clock.now();
  let behaviour = checkBehaviour(options.behaviour ?? {});
  let setup: PaceSetup = {
    server: options.server ?? { model: "llama-3.1-8b", gpu: "h100-sxm-80" },
    fixed: options.fixed,
    timeScale: options.timeScale ?? 1,
  };
  let pacer = newPacer(setup);
  let pinger: NodeJS.Timeout | undefined;
  let count = 0;
  schedulePings();

  return {
    log,
    maxModelLen: () => pacer.context,
    now: () => clock.now(),
    behaviour: () => behaviour,
    slipped: () => pacer.slipped(),
    /** Requests that are being answered or wait. */
    running: () => live.size,
    complete,
    control,
    models,
    metricsText: () => metrics.text(pacer.state(), modelName()),
    settings: () => ({
      model: modelName(),
      behaviour,
      pace: setup.fixed ? { fixed: setup.fixed } : { server: setup.server },
      timeScale: setup.timeScale,
      seed,
      state: pacer.state(),
      lateness: log.lateness(),
      slipped: pacer.slipped(),
    }),
    close() {
      clearInterval(pinger);
      pacer.close();
    },
  };

  function modelName(): string {
    const { model } = setup.server;
    return options.model ?? (typeof model === "string" ? model : findModel(model).id);
  }

  function newPacer({ fixed, server, timeScale }: PaceSetup): Pacer {
    const pace = fixed ? fixedPace(fixed) : simulatorPace(server, seed);
    return createPacer(pace, clock, timeScale, release, broken);
  }

  /** The engine failed: its requests end, and a fresh one takes the next. */
  function broken(error: unknown): void {
    (options.log ?? toLog)(`the simulated engine failed and starts anew: ${String(error)}`);
    pacer.close();
    pacer = newPacer(setup);
    for (const { res } of [...live.values()]) res.destroy();
  }

  function models() {
    const created = Math.floor(Date.now() / 1000);
    const id = modelName();
    return {
      object: "list",
      data: [{ id, object: "model", created, owned_by: "perflab-simulated", root: id, max_model_len: pacer.context }],
    };
  }

  /** Answers one request. Throws InputError for a bad body. */
  async function complete(call: CompletionCall): Promise<void> {
    const { res } = call;
    const index = count++;
    const fault = call.fault ?? faultFor(behaviour, index, clock.now() - started, seed);
    const id = `${call.chat ? "chatcmpl" : "cmpl"}-${randomBytes(12).toString("hex")}`;
    const requestId = call.requestId || id;
    res.setHeader("x-request-id", requestId);
    const entry = log.open(id, requestId, call.accepted);
    if (fault && (await failEarly(fault, entry, res))) return;
    try {
      const request = readCompletionRequest(call.chat, call.body);
      admit(index, id, request, fault, entry, res);
    } catch (error) {
      close(entry, "refused");
      throw error;
    }
  }

  function admit(
    key: number,
    id: string,
    request: CompletionRequest,
    fault: Fault | undefined,
    entry: RequestLog,
    res: ServerResponse,
  ): void {
    if (request.model !== undefined && request.model !== modelName()) {
      close(entry, "refused");
      return fail(res, 404, "NotFoundError", `the model ${JSON.stringify(request.model)} does not exist`);
    }
    const { prompt, text } = admitted(request, pacer.context, behaviour, seed, key);
    entry.promptTokens = prompt.tokens;
    metrics.promptTokens += prompt.tokens;
    const answering: AnswerOptions = {
      res,
      id,
      created: Math.floor(Date.now() / 1000),
      model: modelName(),
      request,
      promptTokens: prompt.tokens,
      text,
      behaviour,
      fault,
      log: entry,
      cachedTokens: () => pacer.cachedTokens(key),
      ended: (outcome) => end(key, outcome),
    };
    const job = {
      key,
      prompt: prompt.segments,
      promptTokens: prompt.tokens,
      output: text.tokens,
      priority: request.priority,
    };
    if (!pacer.submit(job)) {
      close(entry, "refused");
      return fail(res, 503, "ServiceUnavailable", "the waiting queue is full", {
        "retry-after": "1",
      });
    }
    const streamed = request.stream && fault?.kind !== "notStreaming";
    const answer = streamed ? streamedAnswer(answering) : wholeAnswer(answering);
    live.set(key, { res, answer, log: entry, text, firstAt: NaN, lastAt: NaN, generated: 0 });
    res.on("close", () => end(key, "aborted"));
  }

  /** Tokens that the pace has released. */
  function release(key: number, tokens: number, due: number): void {
    const request = live.get(key);
    if (!request) return;
    const now = clock.now();
    request.generated += tokens;
    request.log.outputTokens = request.generated;
    metrics.generationTokens += tokens;
    if (Number.isNaN(request.firstAt)) {
      request.firstAt = now;
      metrics.first(now - request.log.accepted);
    } else metrics.gap((now - request.lastAt) / tokens);
    request.lastAt = now;
    request.answer.tokens(tokens, due);
  }

  /** An answer has ended. The pace forgets a request that still had tokens to come. */
  function end(key: number, outcome: string): void {
    const request = live.get(key);
    if (!request) return;
    close(request.log, outcome);
    live.delete(key);
    const { log: entry, text, firstAt, lastAt, generated } = request;
    if (generated < text.tokens) pacer.cancel(key);
    const reason = entry.outcome === "succeeded" ? text.finish : entry.outcome === "aborted" ? "abort" : "error";
    const tpot = generated > 1 ? (lastAt - firstAt) / (generated - 1) : undefined;
    metrics.end(reason, entry.closed - entry.accepted, tpot);
  }

  function close(entry: RequestLog, outcome: string): void {
    entry.outcome = outcome;
    entry.closed = clock.now();
    log.close(entry);
  }

  /** Faults before any token; true when the request has been dealt with. */
  async function failEarly(fault: Fault, entry: RequestLog, res: ServerResponse): Promise<boolean> {
    const retry = { "retry-after": String(Math.ceil(fault.seconds)) };
    if (fault.kind === "tooManyRequests") fail(res, 429, "RateLimitError", "a scripted 429", retry);
    else if (fault.kind === "serverError") fail(res, 500, "InternalServerError", "a scripted 500");
    else if (fault.kind === "loading") fail(res, 503, "ServiceUnavailable", "the model is loading", retry);
    else if (fault.kind === "errorIn200") fail(res, 500, "InternalServerError", "a scripted error", {}, 200);
    else {
      if (fault.kind === "slowHeaders") await new Promise((resolve) => setTimeout(resolve, fault.seconds * 1000));
      return false;
    }
    close(entry, fault.kind);
    return true;
  }

  function fail(
    res: ServerResponse,
    code: number,
    type: string,
    message: string,
    headers: Record<string, string> = {},
    status = code,
  ): void {
    sendJson(res, status, errorJson(behaviour.dialect, code, type, message), headers);
  }

  /** Changes behaviour at once; pace and time scale only while nothing is running. Throws InputError. */
  function control(body: unknown): void {
    const wanted = check(controlBody, body);
    const repace = wanted.fixed ?? wanted.server ?? wanted.timeScale;
    if (repace !== undefined && live.size > 0)
      throw new InputError("pace", "a change", "asked for while no request is running");
    const next = wanted.behaviour && checkBehaviour({ ...behaviour, ...wanted.behaviour });
    if (repace !== undefined) {
      const paced = {
        server: { ...setup.server, ...wanted.server } as Server,
        fixed: wanted.server ? undefined : (wanted.fixed ?? setup.fixed),
        timeScale: wanted.timeScale ?? setup.timeScale,
      };
      const started = newPacer(paced);
      pacer.close();
      pacer = started;
      setup = paced;
    }
    behaviour = next ?? behaviour;
    if (wanted.clearLog) log.clear();
    schedulePings();
  }

  function schedulePings(): void {
    clearInterval(pinger);
    pinger = undefined;
    if (behaviour.pingEvery === null) return;
    pinger = setInterval(() => live.forEach(({ answer }) => answer.ping()), behaviour.pingEvery * 1000);
    pinger.unref();
  }
}
