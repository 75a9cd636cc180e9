/** Follows one answer from its first byte to its last: which events bear tokens, when, how many, and how the answer ended. */
import { chunkKinds } from "../run.ts";
import { readDelta, tokenKinds, type Delta } from "./dialect.ts";
import { errorWords } from "./error-words.ts";
import { EventSplitter } from "./event-splitter.ts";
import { failedFinish } from "./finish.ts";
import { httpFailure, waitWords } from "./http-failure.ts";
import { EventTemplate } from "./template.ts";
import type { FailureKind, TransportFailure } from "./transport.ts";
import { larger, noUsage, type Usage } from "./usage.ts";
import { decodeUtf8, utf8Length } from "./utf8.ts";

/** Called for every event that says something: its time, its tokens, its `chunkKinds` bits. */
export type OnChunk = (t: number, tokens: number, kind: number) => void;

const DONE = [91, 68, 79, 78, 69, 93];
/** How much of an error answer is kept. */
const ERROR_BYTES = 4096;
/** Tokens that may be counted without a letter to show for them: an end-of-text token, a rounding at the seams. */
const UNSEEN_ALLOWED = 2;

export interface ReaderOptions {
  /** Keep the answer's text (needed when it becomes part of the next turn's prompt). */
  keepText?: boolean;
  /** The request asked for one JSON document instead of a stream: then no event is a first token. */
  whole?: boolean;
}

export class StreamReader {
  firstEvent = NaN;
  /** First event with non-empty content, reasoning or a tool call. */
  first = NaN;
  last = NaN;
  /** Token-bearing events. */
  tokenChunks = 0;
  usage: Usage = noUsage;
  usageSeen = false;
  finish: string | undefined;
  done = false;
  /** The answer is one JSON document, not a stream: then no event is a first token. */
  whole: boolean;
  status = 0;
  text = "";
  /** Tokens that the chunks say they hold, where they say; else one each. */
  chunkTokens = 0;
  /** Bytes of text that token-bearing events showed; a token shows at least one. */
  #shownBytes = 0;
  /** Some chunk bore reasoning. */
  #thoughtSeen = false;
  /** Some chunk bore sound or a picture, which has no letters to count. */
  #wordless = false;
  /** Events after the first token that could have borne one and did not: special tokens, which are counted and not shown. */
  #emptyChunks = 0;
  #failure: TransportFailure | undefined;
  #template: EventTemplate | undefined;
  #templateKind = 0;
  #errorBody = "";
  #ending = false;
  #wait = "";
  /** The answer says that it is a page or a plain text: kept in case that no event comes of it. */
  #page = false;
  readonly #splitter: EventSplitter;
  readonly #onChunk: OnChunk;
  readonly #keepText: boolean;

  constructor(onChunk: OnChunk, options: ReaderOptions = {}) {
    this.#onChunk = onChunk;
    this.#keepText = options.keepText ?? false;
    this.whole = options.whole ?? false;
    this.#splitter = new EventSplitter((bytes, start, end, t) => this.#event(bytes, start, end, t));
  }

  headers(status: number, header: (name: string) => string | undefined = () => undefined): void {
    this.status = status;
    if (this.#refused()) this.#wait = waitWords(header);
    else this.#page = /html|text\/plain/i.test(header("content-type") ?? "");
  }

  push(bytes: Uint8Array, t: number): void {
    if ((this.#refused() || this.#page) && this.#errorBody.length < ERROR_BYTES)
      this.#errorBody += decodeUtf8(bytes, 0, Math.min(bytes.length, ERROR_BYTES));
    if (!this.#refused()) this.#splitter.push(bytes, t);
  }

  end(t: number): void {
    this.#ending = true;
    if (!this.#refused()) this.#splitter.end(t);
  }

  /** How the answer ended; undefined: it succeeded. Only meaningful after `end`. */
  outcome(): TransportFailure | undefined {
    const refusal = this.refusal();
    if (refusal) return refusal;
    if (this.#failure) return this.#failure;
    if (this.finish !== undefined && failedFinish(this.finish))
      return { kind: "bad-finish", message: `The server ended the answer with the reason "${this.finish}".` };
    const ended = this.done || this.finish !== undefined;
    if (!ended && this.tokenChunks === 0 && !this.usageSeen) {
      const said = this.#page ? this.serverWords : "";
      if (said !== "") return { kind: "malformed", message: `What answered is no stream of tokens, but says: ${said}` };
      return { kind: "empty", message: "The server closed the answer without sending a single token." };
    }
    if (!ended && !this.usageSeen) {
      return {
        kind: "cut",
        message: `The answer was cut off after ${this.tokenChunks} chunks: neither a finish reason nor [DONE] came.`,
      };
    }
    if (this.tokenChunks === 0 && this.usage.output === 0) {
      return { kind: "empty", message: "The server finished the answer without a single token." };
    }
    return undefined;
  }

  /** The failure that the HTTP status alone stands for. */
  refusal(): TransportFailure | undefined {
    return this.#refused() ? httpFailure(this.status, this.serverWords, this.#wait) : undefined;
  }

  /** All that showed came in one read though it was more than one token: nothing tells when the first of them was generated. */
  get onePiece(): boolean {
    if (this.tokenChunks === 0) return false;
    return this.whole || (this.first === this.last && (this.tokenChunks > 1 || this.usage.output > 1));
  }

  /** The server's own sentence in an error answer; "" where it gave none. */
  get serverWords(): string {
    return errorWords(this.#errorBody);
  }

  /**
   * Output tokens that the stream showed, so that times between them mean something: all that were counted, without reasoning that was
   * hidden and predictions that were rejected. 0 where some were hidden and nobody says how many.
   */
  get visibleTokens(): number {
    const { output, reasoning, rejected } = this.usage;
    if (output === 0) return this.tokenChunks;
    const visible = output - rejected - (this.#thoughtSeen ? 0 : reasoning);
    const most = this.#wordless ? Infinity : this.#shownBytes + this.#emptyChunks + UNSEEN_ALLOWED;
    return visible > 0 && visible <= most ? visible : 0;
  }

  #refused(): boolean {
    return this.status >= 300 || (this.status > 0 && this.status < 200);
  }

  #event(bytes: Uint8Array, start: number, end: number, t: number): void {
    if (this.#template?.matches(bytes, start, end)) {
      if (this.#keepText && (this.#templateKind & chunkKinds.content) !== 0)
        this.text += this.#template.text(bytes, start, end);
      this.#shownBytes += this.#template.textBytes(start, end);
      this.#tokenChunk(t, 1, this.#templateKind);
    } else if (isDone(bytes, start, end)) {
      this.done = true;
      this.#onChunk(t, 0, chunkKinds.done);
    } else if (end > start) this.#parse(bytes, start, end, t);
  }

  #parse(bytes: Uint8Array, start: number, end: number, t: number): void {
    const text = decodeUtf8(bytes, start, end);
    const event = parseJson(text);
    // One document with choices where a stream was asked for: a server or a proxy that doesn't stream.
    if (this.#splitter.json && (Array.isArray(event) || isAnswerDocument(event))) this.whole = true;
    if (event !== undefined) return this.#read(readDelta(event), bytes, start, end, t);
    const lines = text.includes("\n") ? text.split("\n").filter((line) => line !== "") : [];
    if (lines.length > 1) return this.#parseLines(lines, t);
    if (this.#ending)
      return this.#fail("cut", `The answer was cut off in the middle of an event, after ${this.tokenChunks} chunks.`);
    this.#fail("malformed", `The server sent an event that is not JSON: ${text.slice(0, 60)}`);
  }

  /** Some servers leave out the blank line between events. */
  #parseLines(lines: readonly string[], t: number): void {
    for (const line of lines) {
      const event = line === "[DONE]" ? line : parseJson(line);
      if (event === undefined)
        return this.#fail("malformed", `The server sent an event that is not JSON: ${line.slice(0, 60)}`);
      if (event === "[DONE]") {
        this.done = true;
        this.#onChunk(t, 0, chunkKinds.done);
      } else this.#read(readDelta(event), EMPTY, 0, 0, t);
    }
  }

  #read(delta: Delta, bytes: Uint8Array, start: number, end: number, t: number): void {
    if (delta.error !== undefined)
      return this.#fail(
        "error-in-stream",
        `The server reported an error inside its answer: ${delta.error.replace(/[.\s]*$/, "")}.`,
      );
    const bears = (delta.kind & tokenKinds) !== 0;
    const before = this.usage.output;
    if (delta.usage) {
      this.usage = larger(this.usage, delta.usage);
      this.usageSeen = true;
    }
    if (delta.choices && !this.whole && !(this.firstEvent <= t)) this.firstEvent = t;
    if (delta.finish !== undefined) this.finish = delta.finish;
    if ((delta.kind & chunkKinds.done) !== 0) this.done = true;
    if (this.#keepText) this.text += delta.text;
    if (!bears) {
      if (delta.choices && this.tokenChunks > 0 && (delta.kind & chunkKinds.finish) === 0) this.#emptyChunks++;
      return this.#onChunk(t, 0, delta.kind);
    }
    const shown = utf8Length(delta.text) + utf8Length(delta.thought) + (delta.toolText ?? 0);
    this.#shownBytes += shown;
    if (shown === 0) this.#wordless = true;
    if ((delta.kind & chunkKinds.reasoning) !== 0) this.#thoughtSeen = true;
    if (this.whole) {
      this.tokenChunks++;
      this.last = t;
      return this.#onChunk(t, Math.max(1, this.usage.output), delta.kind);
    }
    if (delta.kind === chunkKinds.content || delta.kind === chunkKinds.reasoning) this.#learn(delta, bytes, start, end);
    this.#tokenChunk(t, Math.max(1, delta.usage ? this.usage.output - before : 1), delta.kind);
  }

  #learn(delta: Delta, bytes: Uint8Array, start: number, end: number): void {
    this.#template = EventTemplate.from(bytes, start, end, delta.text + delta.thought);
    this.#templateKind = delta.kind;
  }

  #tokenChunk(t: number, tokens: number, kind: number): void {
    if (this.tokenChunks++ === 0) this.first = t;
    this.last = t;
    this.chunkTokens += tokens;
    this.#onChunk(t, tokens, kind);
  }

  #fail(kind: FailureKind, message: string): void {
    this.#failure ??= { kind, message };
  }
}

const EMPTY = new Uint8Array(0);

function isDone(bytes: Uint8Array, start: number, end: number): boolean {
  let last = end;
  while (last > start && bytes[last - 1] === 32) last--;
  if (last - start !== DONE.length) return false;
  for (let k = 0; k < DONE.length; k++) if (bytes[start + k] !== DONE[k]) return false;
  return true;
}

function isAnswerDocument(event: unknown): boolean {
  return typeof event === "object" && event !== null && "choices" in event;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
