/** Cuts a byte stream into events: Server-Sent Events, newline-delimited JSON, or one JSON document. Any split of the stream gives the same events. */

/** `bytes` from `start` to `end` hold the data of one event; valid during the call only. `t` is when its last data byte was read. */
export type OnEvent = (bytes: Uint8Array, start: number, end: number, t: number) => void;

const LF = 10;
const CR = 13;
const SPACE = 32;
const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const DATA = [100, 97, 116, 97];
const BOM = [0xef, 0xbb, 0xbf];

/**
 * The event-stream grammar of the HTML Standard §9.2.6, made lenient where servers are: "data:" with or without a space, CR, LF or CRLF, comments,
 * several data lines, and a last event without its blank line. A stream whose first byte is a brace is read as JSON documents instead.
 */
export class EventSplitter {
  readonly #onEvent: OnEvent;
  #mode: "undecided" | "events" | "json" = "undecided";
  #bomSeen = 0;
  readonly #line = new Bytes();
  readonly #data = new Bytes();
  #dataLines = 0;
  #dataTime = NaN;
  /** Data of the pending event while it still lies in the read being scanned. */
  #refStart = -1;
  #refEnd = -1;
  #skipLineFeed = false;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** Comment lines seen: keep-alive pings. */
  comments = 0;

  constructor(onEvent: OnEvent) {
    this.#onEvent = onEvent;
  }

  /** The stream consists of JSON documents, not of events. */
  get json(): boolean {
    return this.#mode === "json";
  }

  push(bytes: Uint8Array, t: number): void {
    let from = 0;
    if (this.#mode === "undecided") from = this.#decide(bytes);
    if (this.#mode === "events") this.#pushEvents(bytes, from, t);
    else if (this.#mode === "json") this.#pushJson(bytes, from, t);
  }

  /** The stream is over: what is pending is dispatched, as if the missing line ends were there. */
  end(t: number): void {
    if (this.#mode === "events") {
      if (this.#line.length > 0) this.#endLine(this.#line.bytes, 0, this.#line.length, t);
      this.#line.length = 0;
      this.#dispatch(EMPTY);
    } else if (this.#mode === "json" && this.#line.length > 0) {
      this.#onEvent(this.#line.bytes, 0, this.#line.length, t);
      this.#line.length = 0;
    }
  }

  #decide(bytes: Uint8Array): number {
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (this.#bomSeen < 3 && byte === BOM[this.#bomSeen]) this.#bomSeen++;
      else if (byte !== SPACE && byte !== LF && byte !== CR && byte !== 9) {
        this.#mode = byte === OPEN || byte === OPEN_LIST ? "json" : "events";
        return i;
      }
    }
    return bytes.length;
  }

  #pushEvents(bytes: Uint8Array, from: number, t: number): void {
    let lineStart = from;
    for (let i = from; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (byte === LF && this.#skipLineFeed && i === lineStart && this.#line.length === 0) {
        this.#skipLineFeed = false;
        lineStart = i + 1;
      } else if (byte === LF || byte === CR) {
        this.#skipLineFeed = byte === CR;
        if (this.#line.length > 0) {
          this.#line.append(bytes, lineStart, i);
          this.#endLine(this.#line.bytes, 0, this.#line.length, t, true);
          this.#line.length = 0;
        } else this.#endLine(bytes, lineStart, i, t);
        lineStart = i + 1;
      } else if (i === lineStart) this.#skipLineFeed = false;
    }
    if (lineStart < bytes.length) this.#line.append(bytes, lineStart, bytes.length);
    if (this.#refStart >= 0) this.#keepReference(bytes);
  }

  /** `owned`: the bytes are our own buffer, so that the data has to be copied at once. */
  #endLine(bytes: Uint8Array, start: number, end: number, t: number, owned = bytes === this.#line.bytes): void {
    if (start === end) return this.#dispatch(bytes);
    if (bytes[start] === COLON) {
      this.comments++;
      return;
    }
    for (let k = 0; k < DATA.length; k++) if (bytes[start + k] !== DATA[k]) return;
    let value = start + DATA.length;
    if (value < end) {
      if (bytes[value] !== COLON) return;
      value++;
      if (value < end && bytes[value] === SPACE) value++;
    }
    if (this.#refStart >= 0) this.#keepReference(bytes);
    this.#dataTime = t;
    if (this.#dataLines === 0 && !owned) {
      this.#refStart = value;
      this.#refEnd = end;
    } else {
      if (this.#dataLines > 0) this.#data.appendByte(LF);
      this.#data.append(bytes, value, end);
    }
    this.#dataLines++;
  }

  #keepReference(bytes: Uint8Array): void {
    this.#data.append(bytes, this.#refStart, this.#refEnd);
    this.#refStart = -1;
  }

  #dispatch(bytes: Uint8Array): void {
    if (this.#dataLines === 0) return;
    const start = this.#refStart;
    this.#refStart = -1;
    this.#dataLines = 0;
    if (start >= 0) this.#onEvent(bytes, start, this.#refEnd, this.#dataTime);
    else this.#onEvent(this.#data.bytes, 0, this.#data.length, this.#dataTime);
    this.#data.length = 0;
  }

  #pushJson(bytes: Uint8Array, from: number, t: number): void {
    let start = from;
    for (let i = from; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#inString = false;
      } else if (byte === QUOTE) this.#inString = true;
      else if (byte === OPEN || byte === OPEN_LIST) {
        if (this.#depth++ === 0 && this.#line.length === 0) start = i;
      } else if ((byte === CLOSE || byte === CLOSE_LIST) && this.#depth > 0 && --this.#depth === 0) {
        this.#line.append(bytes, start, i + 1);
        this.#onEvent(this.#line.bytes, 0, this.#line.length, t);
        this.#line.length = 0;
        start = i + 1;
      }
    }
    if (this.#depth > 0) this.#line.append(bytes, start, bytes.length);
  }
}

const EMPTY = new Uint8Array(0);

/** A growing byte buffer; takes no memory until an event is split between reads. */
class Bytes {
  bytes: Uint8Array = EMPTY;
  length = 0;

  append(from: Uint8Array, start: number, end: number): void {
    this.#reserve(end - start);
    this.bytes.set(from.subarray(start, end), this.length);
    this.length += end - start;
  }

  appendByte(byte: number): void {
    this.#reserve(1);
    this.bytes[this.length++] = byte;
  }

  #reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(512, this.bytes.length * 2, this.length + more));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}
