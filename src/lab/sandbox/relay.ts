/**
 * What stands between a hostile worker and the page, in a worker of its own (guard.ts): measures every message, passes on at a steady
 * pace what a lab may send, leaves out what is too much and says so, and ends a flood.
 */
import type { ConsoleLine, LabToPage } from "../protocol.ts";
import { limits, protocolVersion, readFromLab } from "../protocol.ts";
import { measureSize, sizeOfChart, sizeOfData, sizeOfWords, type SizeLimits } from "../size.ts";

type Message<Type extends LabToPage["type"]> = Extract<LabToPage, { type: Type }>;

export interface RelayPort {
  toPage(message: LabToPage): void;
  /** The run must end: it floods, or sends what no lab sends. */
  flood(why: string): void;
  /** Calls back soon, about 30 ms later. */
  later(task: () => void): void;
  /** Milliseconds. */
  now(): number;
}

const limitsOf: Readonly<Partial<Record<LabToPage["type"], SizeLimits>>> = {
  chart: sizeOfChart,
  kept: sizeOfData,
  measure: sizeOfData,
};

export class Relay {
  readonly #run: number;
  readonly #port: RelayPort;
  #allowance: number = limits.messages;
  #refilled: number;
  readonly #began: number;
  #bytes = 0;
  #over = false;
  #scheduled = false;
  /** The ping that waits for its pong. A worker answers one that nobody sent, 0, when it is up. */
  #ping: number | null = 0;
  #lines: ConsoleLine[] = [];
  #dropped = 0;
  #progress: Message<"progress"> | null = null;
  /** Charts and Runs, which cost the page time: one a turn. */
  readonly #slow: LabToPage[] = [];
  #done: Message<"done"> | null = null;
  readonly #counts = { lines: 0, letters: 0, values: 0, rows: 0, runs: 0, errors: 0, notes: 0, checks: 0 };
  readonly #charts = new Set<string>();
  readonly #leftOut = new Map<string, number>();

  constructor(run: number, port: RelayPort) {
    this.#run = run;
    this.#port = port;
    this.#refilled = this.#began = port.now();
  }

  /** The page has sent a ping; only its pong is passed on. */
  pinged(n: number): void {
    this.#ping = n;
  }

  /** One message of the worker, whatever it is. */
  take(data: unknown): void {
    if (this.#over) return;
    if (!this.#allowed()) return this.#flood("the code sent more messages than a lab may");
    const type = typeOf(data);
    const size = measureSize(data, limitsOf[type] ?? sizeOfWords);
    if ("problem" in size) return this.#tooMuch(type, size.problem);
    this.#bytes += size.bytes;
    if (this.#bytes > limits.totalBytes + ((this.#port.now() - this.#began) / 1000) * limits.bytesPerSecond)
      return this.#flood("the code sent more output than a lab may");
    const message = readFromLab(data, this.#run);
    if ("problem" in message) return this.#flood(`the code sent something a lab may not send (${message.problem})`);
    this.#sort(message);
  }

  #sort(message: LabToPage): void {
    switch (message.type) {
      case "pong":
        if (message.n !== this.#ping) return;
        this.#ping = null;
        this.#port.toPage(message);
        return;
      case "console":
        for (const line of message.lines) this.#print(line);
        this.#dropped += message.dropped;
        break;
      case "progress":
        this.#progress = message;
        break;
      case "chart":
        this.#draw(message);
        break;
      case "kept":
        if (this.#counts.runs++ < limits.runs) this.#slow.push(message);
        break;
      case "error":
        if (this.#counts.errors++ < limits.errors) this.#port.toPage(message);
        else this.#leaveOut("error");
        return;
      case "note":
        if (this.#counts.notes++ < limits.notes) this.#port.toPage(message);
        else this.#leaveOut("remark");
        return;
      case "check":
        if (this.#counts.checks++ < limits.checks) this.#port.toPage(message);
        return;
      case "done":
        this.#done ??= message;
        break;
      default:
        this.#port.toPage(message);
        return;
    }
    this.#flushSoon();
  }

  /** A chart of the same kind and title takes the place of the one before, also of one that waits. */
  #draw(message: Message<"chart">): void {
    const key = keyOf(message);
    if (!this.#charts.has(key) && this.#charts.size >= limits.charts) return this.#leaveOut("chart");
    this.#charts.add(key);
    const waiting = this.#slow.findIndex((other) => other.type === "chart" && keyOf(other) === key);
    if (waiting >= 0) this.#slow[waiting] = message;
    else this.#slow.push(message);
  }

  /** Keeps a line while the console has room for its letters, values and rows. */
  #print(line: ConsoleLine): void {
    const counts = this.#counts;
    const texts = [...line.values.map(({ text }) => text), ...(line.table?.rows.flat() ?? [])];
    counts.lines++;
    counts.values += texts.length;
    counts.letters += texts.reduce((sum, text) => sum + text.length, 0);
    counts.rows += texts.reduce((sum, text) => sum + rowsOf(text), 1);
    const full =
      counts.lines > limits.consoleLines ||
      counts.values > limits.consoleValues ||
      counts.letters > limits.consoleCharacters ||
      counts.rows > limits.consoleRows;
    if (full) this.#dropped++;
    else this.#lines.push(line);
  }

  #flushSoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#flush();
    this.#port.later(() => {
      this.#scheduled = false;
      if (this.#hasMore()) this.#flushSoon();
    });
  }

  #hasMore(): boolean {
    return (
      this.#lines.length > 0 ||
      this.#dropped > 0 ||
      this.#progress !== null ||
      this.#slow.length > 0 ||
      (this.#done !== null && !this.#over)
    );
  }

  #flush(): void {
    const envelope = { v: protocolVersion, run: this.#run } as const;
    if (this.#lines.length > 0 || this.#dropped > 0) {
      this.#port.toPage({
        ...envelope,
        type: "console",
        lines: this.#lines.splice(0, linesAtOnce),
        dropped: this.#dropped,
      });
      this.#dropped = 0;
    }
    if (this.#progress !== null) this.#port.toPage(this.#progress);
    this.#progress = null;
    const next = this.#slow.shift();
    if (next !== undefined) this.#port.toPage(next);
    if (this.#done === null || this.#over || this.#lines.length > 0 || this.#slow.length > 0) return;
    for (const [what, n] of this.#leftOut) this.#port.toPage({ ...envelope, type: "note", text: leftOutText(what, n) });
    this.#over = true;
    this.#port.toPage(this.#done);
  }

  /** A run may send much at once, and steadily a little. */
  #allowed(): boolean {
    const now = this.#port.now();
    const refill = ((now - this.#refilled) / 1000) * limits.messagesPerSecond;
    this.#allowance = Math.min(limits.messages, this.#allowance + refill);
    this.#refilled = now;
    return --this.#allowance >= 0;
  }

  #tooMuch(type: LabToPage["type"], problem: string): void {
    if (type === "chart") this.#leaveOut(`chart with ${problem}`);
    else if (type === "kept") this.#leaveOut(`Run with ${problem}`);
    else this.#flood(`the code sent ${problem} at once`);
  }

  #leaveOut(what: string): void {
    if (this.#leftOut.size < limits.notes || this.#leftOut.has(what))
      this.#leftOut.set(what, (this.#leftOut.get(what) ?? 0) + 1);
  }

  #flood(why: string): void {
    this.#over = true;
    this.#port.flood(`Stopped: ${why}.`);
  }
}

/** A turn's share of the console. */
const linesAtOnce = 150;

function leftOutText(what: string, count: number): string {
  const one = count === 1;
  const n = count.toLocaleString("en-GB");
  if (what === "chart")
    return `${n} more ${one ? "chart was" : "charts were"} left out: a run shows the first ${limits.charts}.`;
  if (what === "error") return `${n} more ${one ? "error is" : "errors are"} not shown.`;
  if (what === "remark") return `${n} more ${one ? "remark is" : "remarks are"} not shown.`;
  if (what.startsWith("Run ")) return `A ${what} was not kept: that is more than the page takes.`;
  return `A ${what} was left out: that is more than a chart may hold.`;
}

function keyOf({ description }: Message<"chart">): string {
  return `${description.kind} ${description.title}`;
}

function typeOf(data: unknown): LabToPage["type"] {
  return (
    typeof data === "object" && data !== null ? (data as { type?: unknown }).type : undefined
  ) as LabToPage["type"];
}

function rowsOf(text: string): number {
  let rows = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) rows++;
  return rows;
}
