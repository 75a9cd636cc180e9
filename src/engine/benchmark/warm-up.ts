/** Before a run: open connections, find which request fields the server takes, and learn how it counts prompt tokens. */
import { exchange, type Answer } from "./exchange.ts";
import { calibratePrompt, PromptWriter, uncalibrated, type PromptCalibration } from "./prompt.ts";
import { warmUpId } from "./request-id.ts";
import { bodyShapes, pathOf, requestBody, type Api, type BodyShape } from "./request-body.ts";
import type { Clock, FailureKind, StopSignal, Transport, TransportFailure } from "./transport.ts";
import { words } from "./words.ts";

export interface WarmUpOptions {
  readonly model: string;
  readonly api: Api;
  readonly stream: boolean;
  /** Requests to send; at least the probes when above 0, at most `warmUpMost`. */
  readonly requests: number;
  /** Connections to open at once, as far as `requests` go. */
  readonly concurrency: number;
  readonly salt: number;
  /** Sets these requests' ids apart from those of other clients of the same salt. Default 0. */
  readonly shard?: number;
  /** The budget: never send more, even for fewer probes. */
  readonly most?: number;
  readonly extraBody?: Readonly<Record<string, unknown>>;
  /** Seconds for each request. */
  readonly timeout: number;
  /** Asks the server's tokenizer for the length of a one-turn prompt, template included; undefined where it can't say. */
  countTokens?(content: string): Promise<number | undefined>;
}

export interface WarmUp {
  readonly shape: BodyShape;
  readonly calibration: PromptCalibration;
  /** Requests that went out, with those that failed or went out twice. */
  readonly sent: number;
  readonly failed: number;
  /** What they used, prompts and answers, as the server counted; where it did not, the most that they can have used. */
  readonly tokens: number;
  /** Whether the server takes X-Request-ID. */
  readonly requestIds: boolean;
  /** Why no run is possible. */
  readonly failure?: TransportFailure;
}

const PROBE_OUTPUT = 4;
/** Whole lists, so that their difference is the mean cost of a word exactly. */
const PROBE_WORDS = [words.length, 2 * words.length] as const;
/** What a server says when it doesn't know a field, or a header. */
const REFUSALS = new Set([400, 422]);
/** Failures that may be gone the next time: a server that fails now and then is to be measured, not turned away from. */
const PASSING = new Set<FailureKind>([
  "reset",
  "network",
  "http",
  "unavailable",
  "rate-limited",
  "error-in-stream",
  "bad-finish",
  "cut",
  "empty",
  "malformed",
]);
/** Failures of answers that had begun. */
const FAILED_ANSWERS = new Set<FailureKind>(["error-in-stream", "bad-finish", "cut", "empty"]);
const RETRIES = 6;
/** Before each further try, seconds: longer from try to try. */
const PAUSE = 0.1;

/** Shape tries with and without an id, the second probe, and retries together. */
const TRIES = 12;
/** Tokens of the longest probe and its answer, generously: a word is one or two. */
const PROBE_TOKENS = 2 * PROBE_WORDS[1] + 100;

/**
 * What a warm-up of so many requests sends at most: it tries other request shapes, tries again what failed, and asks for a second length
 * before it opens connections. Never more, whatever the server does.
 */
export function warmUpMost(requests: number, concurrency: number): { requests: number; tokens: number } {
  if (requests === 0) return { requests: 0, tokens: 0 };
  const most = Math.max(TRIES, Math.min(requests, concurrency));
  return { requests: most, tokens: most * PROBE_TOKENS };
}

/** Resolves also when the server can't be used; `failure` then says why. */
export async function warmUp(
  transport: Transport,
  clock: Clock,
  signal: StopSignal | undefined,
  options: WarmUpOptions,
): Promise<WarmUp> {
  return new WarmingUp(transport, clock, signal, options).run();
}

class WarmingUp {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #signal: StopSignal | undefined;
  readonly #options: WarmUpOptions;
  readonly #writer: PromptWriter;
  #shape: BodyShape;
  #ids = true;
  #sent = 0;
  #failed = 0;
  #tokens = 0;
  #retries = RETRIES;
  readonly #most: number;

  constructor(transport: Transport, clock: Clock, signal: StopSignal | undefined, options: WarmUpOptions) {
    this.#transport = transport;
    this.#clock = clock;
    this.#signal = signal;
    this.#options = options;
    this.#most = Math.min(options.most ?? Infinity, warmUpMost(options.requests, options.concurrency).requests);
    this.#writer = new PromptWriter(options.salt, uncalibrated);
    this.#shape = bodyShapes(options.api, options.stream)[0]!;
  }

  async run(): Promise<WarmUp> {
    const { requests, concurrency } = this.#options;
    if (requests === 0) return this.#result(uncalibrated);
    const [short, long] = PROBE_WORDS.map((count, i) => this.#writer.probe(count, `probe ${i}`)) as [string, string];
    const counts = [await this.#options.countTokens?.(short), await this.#options.countTokens?.(long)];
    const first = await this.#reach(short);
    // A server that takes requests and fails its answers can be measured: the run will say how many fail.
    if (first.failure && FAILED_ANSWERS.has(first.failure.kind)) return this.#result(uncalibrated);
    if (first.failure) return this.#result(uncalibrated, this.#inContext(first));
    const used = first.reader.usage.prompt;
    // What the server bills is what counts: a tokenizer that disagrees with it (another template) is not believed.
    const believed = counts[0] !== undefined && counts[1] !== undefined && (used === 0 || used === counts[0]);
    let tokens = believed ? (counts as [number, number]) : undefined;
    if (!tokens) {
      const second = this.#sent < this.#most ? await this.#persist(long) : undefined;
      if (second && !second.failure && used > 0 && second.reader.usage.prompt > 0)
        tokens = [used, second.reader.usage.prompt];
    }
    const calibration = tokens
      ? calibratePrompt({ words: PROBE_WORDS[0], tokens: tokens[0] }, { words: PROBE_WORDS[1], tokens: tokens[1] })
      : uncalibrated;
    const more = Math.max(0, Math.min(requests, concurrency, this.#most) - this.#sent);
    await Promise.all(
      Array.from({ length: more }, (_, i) => this.#ask(this.#writer.probe(PROBE_WORDS[0], `warm-up ${i}`))),
    );
    return this.#result(calibration);
  }

  /** Finds the fullest shape that the server takes, with the request's id and, where every shape is refused, without. */
  async #reach(content: string): Promise<Answer> {
    const shapes = bodyShapes(this.#options.api, this.#options.stream);
    let refused: Answer | undefined;
    for (const ids of this.#transport.sendsIds ? [true, false] : [true]) {
      this.#ids = ids;
      for (const shape of shapes) {
        this.#shape = shape;
        const answer = await this.#persist(content);
        if (!REFUSALS.has(answer.reader.status)) return answer;
        if (this.#sent >= this.#most) return refused ?? answer;
        // A refusal in words that is repeated without the id is about something else; the first one says most.
        refused ??= answer;
      }
    }
    this.#ids = true;
    this.#shape = shapes[0]!;
    return refused!;
  }

  /** Tries again after failures that may pass, as long as retries are left. */
  async #persist(content: string): Promise<Answer> {
    for (;;) {
      const answer = await this.#ask(content);
      const passing = answer.failure && PASSING.has(answer.failure.kind) && !REFUSALS.has(answer.reader.status);
      if (!passing || this.#retries === 0 || this.#sent >= this.#most || this.#signal?.aborted) return answer;
      this.#retries--;
      const pause = PAUSE * (RETRIES - this.#retries);
      await new Promise<void>((resolve) => this.#clock.at(this.#clock.now() + pause, resolve));
    }
  }

  async #ask(content: string): Promise<Answer> {
    const { model, api, extraBody, stream, salt, shard = 0, timeout } = this.#options;
    const body = requestBody(this.#shape, model, [{ role: "user", content }], PROBE_OUTPUT, extraBody);
    const id = this.#ids ? { id: warmUpId(salt, shard, this.#sent) } : {};
    this.#sent++;
    const mayResend = (): boolean => this.#sent < this.#most && ++this.#sent > 0;
    const request = { ...id, path: pathOf(api), body };
    const answer = await exchange(this.#transport, this.#clock, this.#signal, request, timeout, {
      whole: !stream,
      mayResend,
    });
    if (answer.failure) this.#failed++;
    const { prompt, output } = answer.reader.usage;
    const unknown = REFUSALS.has(answer.reader.status) ? 0 : PROBE_TOKENS;
    this.#tokens += prompt + output > 0 ? prompt + output : unknown;
    return answer;
  }

  #inContext({ failure, reader }: Answer): TransportFailure {
    if (this.#retries === RETRIES || REFUSALS.has(reader.status)) return failure!;
    return { ...failure!, message: `${failure!.message} (All ${this.#failed} warm-up requests failed.)` };
  }

  #result(calibration: PromptCalibration, failure?: TransportFailure): WarmUp {
    return {
      shape: this.#shape,
      calibration,
      sent: this.#sent,
      failed: this.#failed,
      tokens: this.#tokens,
      requestIds: this.#ids,
      ...(failure && { failure }),
    };
  }
}
