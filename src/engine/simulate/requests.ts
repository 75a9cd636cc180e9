/** Where every request stands and what has happened to it: one row a request, in columns. */

/** `crossing`: its prompt was computed on a prefill engine, and its KV is not yet on the decode engine. */
export const stages = { unsent: 0, waiting: 1, running: 2, ended: 3, crossing: 4 } as const;

/** Codes of `statuses` in ../run.ts. */
export const status = { succeeded: 0, failed: 1, cancelled: 2, timedOut: 3, refused: 4, unsent: 5 } as const;

/** Grows by doubling; columns are replaced when it does, so hold on to none across `ensure`. */
export class Requests {
  count = 0;
  /** P and the number of tokens to generate. */
  prompt: Uint32Array;
  output: Uint32Array;
  /** c: tokens whose KV exists, and o: tokens generated so far. */
  computed: Uint32Array;
  generated: Uint32Array;
  /** KV blocks held, and tokens of those whose whole blocks can be found again by their content. */
  blocks: Uint32Array;
  hashed: Uint32Array;
  /** 1 where the last step gave a token, so that drafts follow it. */
  drafted: Uint8Array;
  /** Planning ahead: tokens that the step under way gives and nobody knows yet, and drafts that it will turn down. */
  inFlight: Uint16Array;
  turnedDown: Uint16Array;
  /** The engine's step in which it last computed something, and tokens computed before that. */
  moved: Uint32Array;
  settled: Uint32Array;
  stage: Uint8Array;
  status: Uint8Array;
  priority: Int32Array;
  preemptions: Uint16Array;
  replica: Uint16Array;
  /** Tokens found in the prefix cache when first admitted. */
  cached: Uint32Array;
  /** Seconds: should have left, left the client, reached the scheduler, first and latest token, end. */
  scheduled: Float64Array;
  started: Float64Array;
  arrived: Float64Array;
  first: Float64Array;
  last: Float64Array;
  closed: Float64Array;
  /** When the client (or the server's timeout) gives up, Infinity for never. */
  deadline: Float64Array;
  /** 1 where that deadline is the client's. */
  cancels: Uint8Array;
  /** Seconds by cause; see ExplainColumns. `decode` is worked out when the run is put together. */
  queue: Float64Array;
  prefill: Float64Array;
  /** Seconds that the KV took to cross from a prefill engine to a decode engine, its wait for the link included. */
  transfer: Float64Array;
  preemption: Float64Array;
  decodeInterference: Float64Array;
  decodePreemption: Float64Array;
  /** The scheduler's clock when the request was first scheduled, and when it was last preempted (NaN: it is not). */
  admitted: Float64Array;
  lostAt: Float64Array;
  /** The engine's running total of interference when this request last began to decode. */
  interferenceMark: Float64Array;

  constructor(capacity: number) {
    const n = Math.max(1, capacity);
    this.prompt = new Uint32Array(n);
    this.output = new Uint32Array(n);
    this.computed = new Uint32Array(n);
    this.generated = new Uint32Array(n);
    this.blocks = new Uint32Array(n);
    this.hashed = new Uint32Array(n);
    this.drafted = new Uint8Array(n);
    this.inFlight = new Uint16Array(n);
    this.turnedDown = new Uint16Array(n);
    this.moved = new Uint32Array(n);
    this.settled = new Uint32Array(n);
    this.stage = new Uint8Array(n);
    this.status = new Uint8Array(n).fill(status.unsent);
    this.priority = new Int32Array(n);
    this.preemptions = new Uint16Array(n);
    this.replica = new Uint16Array(n);
    this.cached = new Uint32Array(n);
    this.scheduled = new Float64Array(n).fill(NaN);
    this.started = new Float64Array(n).fill(NaN);
    this.arrived = new Float64Array(n).fill(NaN);
    this.first = new Float64Array(n).fill(NaN);
    this.last = new Float64Array(n).fill(NaN);
    this.closed = new Float64Array(n).fill(NaN);
    this.deadline = new Float64Array(n).fill(Infinity);
    this.cancels = new Uint8Array(n);
    this.queue = new Float64Array(n).fill(NaN);
    this.prefill = new Float64Array(n);
    this.transfer = new Float64Array(n);
    this.preemption = new Float64Array(n);
    this.decodeInterference = new Float64Array(n);
    this.decodePreemption = new Float64Array(n);
    this.admitted = new Float64Array(n).fill(NaN);
    this.lostAt = new Float64Array(n).fill(NaN);
    this.interferenceMark = new Float64Array(n);
  }

  get capacity(): number {
    return this.prompt.length;
  }

  /** Makes room for n rows. */
  ensure(n: number): void {
    if (n <= this.capacity) return;
    const larger = new Requests(Math.max(n, this.capacity * 2));
    for (const [name, column] of Object.entries(this)) {
      if (typeof column !== "object") continue;
      const target = (larger as unknown as Record<string, Float64Array>)[name] as Float64Array;
      target.set(column as Float64Array);
    }
    const { count } = this;
    Object.assign(this, larger);
    this.count = count;
  }
}
