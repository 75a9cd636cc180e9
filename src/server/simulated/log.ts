/**
 * The emission log: for every chunk the moment just before it was written and the moment it was due. It is the truth that
 * the client's own times are tested against. Seconds on the machine's monotonic clock; no prompt, no key.
 */
const MAX_CHUNKS = 2_000_000;
/** Written later than this after its deadline, a chunk is flagged. */
export const LATE = 0.005;

export class RequestLog {
  readonly id: string;
  readonly requestId: string;
  readonly accepted: number;
  headers = NaN;
  closed = NaN;
  outcome = "open";
  promptTokens = 0;
  outputTokens = 0;
  chunks = 0;
  late = 0;
  private rows = new Float64Array(3 * 32);

  constructor(id: string, requestId: string, accepted: number) {
    this.id = id;
    this.requestId = requestId;
    this.accepted = accepted;
  }

  /** One token-bearing event, about to be written. */
  chunk(t: number, due: number, tokens: number): void {
    if (3 * this.chunks === this.rows.length) {
      const grown = new Float64Array(2 * this.rows.length);
      grown.set(this.rows);
      this.rows = grown;
    }
    this.rows[3 * this.chunks] = t;
    this.rows[3 * this.chunks + 1] = due;
    this.rows[3 * this.chunks + 2] = tokens;
    this.chunks++;
    if (t - due > LATE) this.late++;
  }

  time(chunk: number): number {
    return this.rows[3 * chunk]!;
  }
  due(chunk: number): number {
    return this.rows[3 * chunk + 1]!;
  }
  tokens(chunk: number): number {
    return this.rows[3 * chunk + 2]!;
  }

  summary(): LogSummary {
    const { id, requestId, accepted, headers, closed, outcome, promptTokens, outputTokens, chunks, late } = this;
    const first = chunks > 0 ? this.time(0) : NaN;
    const last = chunks > 0 ? this.time(chunks - 1) : NaN;
    return { id, requestId, accepted, headers, first, last, closed, outcome, promptTokens, outputTokens, chunks, late };
  }

  detail(): LogSummary & { emissions: [t: number, due: number, tokens: number][] } {
    const emissions = Array.from({ length: this.chunks }, (_, i): [number, number, number] => [
      this.time(i),
      this.due(i),
      this.tokens(i),
    ]);
    return { ...this.summary(), emissions };
  }
}

export interface LogSummary {
  /** The id in the answer's chunks. */
  readonly id: string;
  /** What the client sent as X-Request-Id, or the id. */
  readonly requestId: string;
  readonly accepted: number;
  readonly headers: number;
  readonly first: number;
  readonly last: number;
  readonly closed: number;
  readonly outcome: string;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly chunks: number;
  readonly late: number;
}

/** Keeps the newest requests, up to two million chunks in all. */
export class EmissionLog {
  private readonly requests = new Map<string, RequestLog>();
  private kept = 0;
  dropped = 0;

  open(id: string, requestId: string, accepted: number): RequestLog {
    const entry = new RequestLog(id, requestId, accepted);
    this.requests.set(id, entry);
    return entry;
  }

  /** A request has ended: its chunks count against the cap. */
  close(entry: RequestLog): void {
    this.kept += entry.chunks + 1;
    for (const [id, oldest] of this.requests) {
      if (this.kept <= MAX_CHUNKS || oldest === entry) break;
      this.requests.delete(id);
      this.kept -= oldest.chunks + 1;
      this.dropped++;
    }
  }

  /** By the answer's id or by the client's X-Request-Id. */
  find(id: string): RequestLog | undefined {
    return this.requests.get(id) ?? this.all().findLast((entry) => entry.requestId === id);
  }

  all(): RequestLog[] {
    return [...this.requests.values()];
  }

  clear(): void {
    this.requests.clear();
    this.kept = 0;
    this.dropped = 0;
  }

  /** How late chunks left, over everything kept; seconds, NaN when nothing left yet. */
  lateness(): { chunks: number; late: number; p50: number; p99: number; max: number } {
    const values: number[] = [];
    let late = 0;
    for (const entry of this.requests.values()) {
      late += entry.late;
      for (let i = 0; i < entry.chunks; i++) values.push(Math.max(0, entry.time(i) - entry.due(i)));
    }
    const sorted = Float64Array.from(values).sort();
    const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN;
    return { chunks: sorted.length, late, p50: at(0.5), p99: at(0.99), max: at(1) };
  }
}
