/** Before a run: open connections, find which request fields the server takes, and learn how it counts prompt tokens. */
import { calibratePrompt, PromptWriter, uncalibrated, type PromptCalibration } from "./prompt.ts";
import { bodyShapes, pathOf, requestBody, type Api, type BodyShape } from "./request-body.ts";
import { StreamReader, type OnChunk } from "./stream-reader.ts";
import type { Clock, Exchange, StopSignal, Transport, TransportFailure } from "./transport.ts";

export interface WarmUpOptions {
  readonly model: string;
  readonly api: Api;
  readonly stream: boolean;
  /** Requests to send; at least the probes when above 0. */
  readonly requests: number;
  /** Connections to open at once, as far as `requests` go. */
  readonly concurrency: number;
  readonly salt: number;
  readonly extraBody?: Readonly<Record<string, unknown>>;
  /** Seconds for each request. */
  readonly timeout: number;
  /** Asks the server's tokenizer for the length of a one-turn prompt, template included; undefined where it can't say. */
  countTokens?(content: string): Promise<number | undefined>;
}

export interface WarmUp {
  readonly shape: BodyShape;
  readonly calibration: PromptCalibration;
  readonly sent: number;
  /** What they used, prompts and answers, as the server counted; where it didn't, what was asked. */
  readonly tokens: number;
  /** Why no run is possible. */
  readonly failure?: TransportFailure;
}

/** One answer, read to its end. */
export interface Answer {
  readonly reader: StreamReader;
  readonly failure: TransportFailure | undefined;
}

const PROBE_OUTPUT = 4;
const PROBE_WORDS = [24, 280] as const;
/** What a server says when it doesn't know a field. */
const REFUSALS = new Set([400, 422]);

/** Tokens of the longest probe and its answer, generously: a word is one or two. */
const PROBE_TOKENS = 2 * PROBE_WORDS[1] + 100;

/** What a warm-up of so many requests sends at most: it tries other request shapes and a second length before it opens connections. */
export function warmUpMost(requests: number, concurrency: number): { requests: number; tokens: number } {
  if (requests === 0) return { requests: 0, tokens: 0 };
  const probes = Math.max(bodyShapes("chat", true).length, bodyShapes("completions", true).length) + 1;
  const most = Math.max(probes, Math.min(requests, concurrency));
  return { requests: most, tokens: most * PROBE_TOKENS };
}

/** Sends one request and waits for the whole answer. */
export function exchange(
  transport: Transport,
  clock: Clock,
  signal: StopSignal | undefined,
  path: string,
  body: string,
  timeout: number,
  options: { whole?: boolean; onChunk?: OnChunk } = {},
): Promise<Answer> {
  return new Promise((resolve) => {
    const reader = new StreamReader(options.onChunk ?? (() => {}), { whole: options.whole ?? false });
    const sent: { exchange?: Exchange } = {};
    const stop = (): void => give({ kind: "stopped", message: "The run was stopped." });
    const cancel = clock.at(clock.now() + timeout, () =>
      give({ kind: "timeout-total", message: `The server did not complete a short answer within ${timeout} s.` }),
    );
    let over = false;
    const settle = (failure: TransportFailure | undefined): void => {
      if (over) return;
      over = true;
      cancel();
      signal?.removeEventListener("abort", stop);
      resolve({ reader, failure });
    };
    const give = (failure: TransportFailure): void => {
      sent.exchange?.abort();
      settle(failure);
    };
    if (signal?.aborted) return stop();
    signal?.addEventListener("abort", stop);
    sent.exchange = transport.send(
      { id: "warm-up", path, body },
      {
        headers: (status, header) => reader.headers(status, header("retry-after")),
        chunk: (bytes, t) => reader.push(bytes, t),
        end: (t) => {
          reader.end(t);
          settle(reader.outcome());
        },
        fail: (failure) => settle(reader.refusal() ?? failure),
      },
    );
  });
}

/** Resolves also when the server can't be used; `failure` then says why. */
export async function warmUp(
  transport: Transport,
  clock: Clock,
  signal: StopSignal | undefined,
  options: WarmUpOptions,
): Promise<WarmUp> {
  const shapes = bodyShapes(options.api, options.stream);
  const fallback = { shape: shapes[0]!, calibration: uncalibrated, sent: 0, tokens: 0 };
  if (options.requests === 0) return fallback;
  const writer = new PromptWriter(options.salt, uncalibrated);
  let sent = 0;
  let tokens = 0;
  const ask = async (shape: BodyShape, content: string): Promise<Answer> => {
    sent++;
    const body = requestBody(shape, options.model, [{ role: "user", content }], PROBE_OUTPUT, options.extraBody);
    const path = pathOf(options.api);
    const answer = await exchange(transport, clock, signal, path, body, options.timeout, { whole: !options.stream });
    const { prompt, output } = answer.reader.usage;
    tokens += prompt + output > 0 ? prompt + output : REFUSALS.has(answer.reader.status) ? 0 : PROBE_TOKENS;
    return answer;
  };
  const [short, long] = PROBE_WORDS.map((words, i) => writer.probe(words, `probe ${i}`)) as [string, string];
  const counts = [await options.countTokens?.(short), await options.countTokens?.(long)];
  let shape = shapes[0]!;
  let first: Answer | undefined;
  for (const candidate of shapes) {
    shape = candidate;
    first = await ask(candidate, short);
    if (!REFUSALS.has(first.reader.status)) break;
  }
  if (!first || first.failure) return { ...fallback, sent, tokens, ...(first?.failure && { failure: first.failure }) };
  const used = first.reader.usage.prompt;
  // What the server bills is what counts: a tokenizer that disagrees with it (another template) is not believed.
  const believed = counts[0] !== undefined && counts[1] !== undefined && (used === 0 || used === counts[0]);
  let lengths = believed ? (counts as [number, number]) : undefined;
  if (!lengths) {
    const second = await ask(shape, long);
    if (!second.failure && used > 0 && second.reader.usage.prompt > 0) lengths = [used, second.reader.usage.prompt];
  }
  const calibration = lengths
    ? calibratePrompt({ words: PROBE_WORDS[0], tokens: lengths[0] }, { words: PROBE_WORDS[1], tokens: lengths[1] })
    : uncalibrated;
  const more = Math.max(0, Math.min(options.requests, options.concurrency) - sent);
  const opening = Array.from({ length: more }, (_, i) => ask(shape, writer.probe(PROBE_WORDS[0], `warm-up ${i}`)));
  await Promise.all(opening);
  return { shape, calibration, sent, tokens };
}
