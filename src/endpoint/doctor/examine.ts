/** The doctor's round: reach the server, find the model, send three small requests, and say what is wrong. The same in Node and in a page. */
import { PromptWriter, uncalibrated } from "../../engine/benchmark/prompt.ts";
import { bodyShapes, pathOf, requestBody, type BodyShape } from "../../engine/benchmark/request-body.ts";
import type { Clock, Transport } from "../../engine/benchmark/transport.ts";
import { exchange, type Answer } from "../../engine/benchmark/exchange.ts";
import { requestId } from "../../engine/benchmark/request-id.ts";
import { endpointUrl, normalBaseUrl } from "../base-url.ts";
import type { EndpointTarget } from "../endpoint-target.ts";
import { MeasureError } from "../endpoint-target.ts";
import { readModelList } from "../models.ts";
import { finding } from "./advise.ts";
import { guessServer, recogniseServer } from "./recognise.ts";
import type { DoctorReport, Finding, FindingId, ServerName } from "./report.ts";

/** How the doctor reaches the server. */
export interface Stethoscope {
  readonly transport: Transport;
  readonly clock: Clock;
  /** The proxy that the environment names for the target. */
  readonly proxy?: { readonly variable: string; readonly ignored?: string };
  /** One GET. Throws Unreachable when nothing readable came back. */
  get(url: URL): Promise<{ status: number; body: string; header(name: string): string | undefined }>;
}

/** Nothing readable came back, and why. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
  readonly id: FindingId;
  constructor(id: FindingId, seen: string) {
    super(seen);
    this.id = id;
  }
}

const OUTPUT = 32;
const PROMPT_WORDS = 400;
const TIMEOUT = 60;
/** A stream of this many token events that came in at most two reads was collected on its way. */
const BUFFERED_EVENTS = 8;
/** Without a count of cached tokens: the second TTFT below this share of the first, and the first long enough to tell, seconds. */
const WARM_RATIO = 0.6;
const WARM_LEAST = 0.05;

interface Listening {
  readonly answer: Answer;
  readonly shape: BodyShape;
  readonly sent: number;
  /** Distinct times at which token events were read. */
  readonly reads: number;
  /** With an X-Request-ID, where the transport can send one. */
  readonly ids: boolean;
}

export async function examine(how: Stethoscope, target: EndpointTarget): Promise<DoctorReport> {
  let base: URL;
  try {
    base = new URL(normalBaseUrl(target.baseUrl));
  } catch (error) {
    return report("unknown", target.model, [], [finding("bad-url", "unknown", (error as Error).message)]);
  }
  const guess = guessServer(base);
  const list = await how.get(endpointUrl(target.baseUrl, "/models")).catch((error: unknown) => error as Error);
  if (list instanceof Error) {
    const id = list instanceof Unreachable ? list.id : "unreachable";
    return report(guess, target.model, [], [finding(id, guess, list.message)]);
  }
  const server = recogniseServer(list.body, list.header("server"), guess);
  const models = modelsOf(list.status, list.body);
  if (models instanceof MeasureError && models.kind !== "http") {
    return report(server, target.model, [], [finding(listFinding(models.kind), server, models.message)]);
  }
  if (list.status === 503)
    return report(server, target.model, [], [finding("loading", server, `GET /models: ${list.status}`)]);
  const names = models instanceof MeasureError ? [] : models;
  const model = target.model === "" ? (names[0] ?? "") : target.model;
  return report(server, model, names, await listen(how, { ...target, model }, server, names));
}

async function listen(
  how: Stethoscope,
  target: EndpointTarget,
  server: ServerName,
  names: readonly string[],
): Promise<Finding[]> {
  const first = await firstAnswer(how, target);
  const refusal = refused(first.answer, target.model, names);
  if (refusal) return [finding(refusal, server, first.answer.failure?.message)];
  // The first request also opened the connection, so the cache is judged by a fresh prompt that is then repeated.
  const fresh = await ask(how, target, first.shape, "fresh", first.ids);
  const again = await ask(how, target, first.shape, "fresh", first.ids);
  const findings = [...streamFindings(first, server), ...cacheFindings(fresh, again, server)];
  if (how.transport.sendsIds && !first.ids) findings.push(finding("request-id-refused", server));
  if (how.proxy)
    findings.push(finding(how.proxy.ignored === undefined ? "proxy" : "proxy-ignored", server, proxySeen(how.proxy)));
  const hurts = findings.some((found) => found.severity === "distorts");
  return hurts ? findings : [finding("ok", server), ...findings];
}

async function firstAnswer(how: Stethoscope, target: EndpointTarget): Promise<Listening> {
  let refusal: Listening | undefined;
  for (const ids of how.transport.sendsIds ? [true, false] : [true])
    for (const shape of bodyShapes(target.api ?? "chat", true)) {
      const heard = await ask(how, target, shape, "first", ids);
      if (heard.answer.reader.status !== 400 && heard.answer.reader.status !== 422) return heard;
      refusal ??= heard;
    }
  return refusal!;
}

function proxySeen({ variable, ignored }: NonNullable<Stethoscope["proxy"]>): string {
  return ignored === undefined ? variable : `${variable}: ${ignored}`;
}

/** `prompt` names it: the same name gives the same words within a round, never those of an earlier round. */
async function ask(
  how: Stethoscope,
  target: EndpointTarget,
  shape: BodyShape,
  prompt: string,
  ids: boolean,
): Promise<Listening> {
  const content = new PromptWriter(roundOf(how), uncalibrated).probe(PROMPT_WORDS, prompt);
  const body = requestBody(shape, target.model, [{ role: "user", content }], OUTPUT);
  const times = new Set<number>();
  const sent = how.clock.now();
  const request = { ...(ids && { id: requestId(roundOf(how), asked++) }), path: pathOf(shape.api), body };
  const answer = await exchange(how.transport, how.clock, undefined, request, TIMEOUT, {
    onChunk: (t, tokens) => void (tokens > 0 && times.add(t)),
  });
  return { answer, shape, sent, reads: times.size, ids };
}

/** Questions so far, so that no two have the same id. */
let asked = 0;

const rounds = new WeakMap<Stethoscope, number>();

function roundOf(how: Stethoscope): number {
  let salt = rounds.get(how);
  if (salt === undefined) rounds.set(how, (salt = globalThis.crypto.getRandomValues(new Uint32Array(1))[0]!));
  return salt;
}

function refused(answer: Answer, model: string, names: readonly string[]): FindingId | undefined {
  const { failure, reader } = answer;
  if (!failure) return undefined;
  const unknownModel = names.length > 0 && !names.includes(model);
  switch (failure.kind) {
    case "unauthorised":
      return "unauthorised";
    case "not-found":
      return unknownModel || /model|deployment/i.test(reader.serverWords) ? "model-not-found" : "not-an-api";
    case "rate-limited":
      return "rate-limited";
    case "unavailable":
      return "loading";
    case "redirect":
      return "redirect";
    case "tls":
      return "tls";
    default:
      if (unknownModel) return "model-not-found";
      if (reader.status >= 400) return "rejected";
      return reader.status === 200 ? "failed-answer" : "unreachable";
  }
}

function streamFindings(heard: Listening, server: ServerName): Finding[] {
  const { reader } = heard.answer;
  const findings: Finding[] = [];
  const tokens = reader.tokenChunks;
  const { output } = reader.usage;
  const visible = reader.visibleTokens;
  if (reader.whole)
    findings.push(finding("not-streaming", server, `one answer of ${reader.usage.output} tokens, no events`));
  else if (tokens >= BUFFERED_EVENTS && heard.reads <= 2)
    findings.push(
      finding("buffered", server, `${tokens} token events came in ${heard.reads === 1 ? "one read" : "two reads"}`),
    );
  if (visible < output)
    findings.push(
      finding("hidden-tokens", server, `${output} output tokens counted, ${visible === 0 ? "fewer" : visible} shown`),
    );
  else if (!reader.whole && tokens > 0 && visible / tokens >= 1.5)
    findings.push(finding("several-tokens", server, `${visible} tokens in ${tokens} chunks`));
  if (!reader.usageSeen) findings.push(finding("no-usage", server));
  if (!heard.shape.lengthControl) findings.push(finding("no-length-control", server));
  return findings;
}

function cacheFindings(first: Listening, second: Listening, server: ServerName): Finding[] {
  if (second.answer.failure) return [];
  const cached = second.answer.reader.usage.cached;
  const ttft = first.answer.reader.first - first.sent;
  const again = second.answer.reader.first - second.sent;
  const faster = ttft > WARM_LEAST && again < WARM_RATIO * ttft;
  if (cached === 0 && !faster) return [];
  const seen =
    cached > 0
      ? `${cached} prompt tokens came from the cache`
      : `TTFT ${(ttft * 1000).toFixed(0)} ms, then ${(again * 1000).toFixed(0)} ms`;
  return [finding("warm-cache", server, seen)];
}

function modelsOf(status: number, body: string): string[] | MeasureError {
  try {
    return readModelList(status, body);
  } catch (error) {
    return error as MeasureError;
  }
}

function listFinding(kind: string): FindingId {
  if (kind === "unauthorised" || kind === "redirect") return kind;
  return "not-an-api";
}

function report(
  server: ServerName,
  model: string,
  models: readonly string[],
  findings: readonly Finding[],
): DoctorReport {
  return { server, model, models, findings, usable: !findings.some((found) => found.severity === "stops") };
}
