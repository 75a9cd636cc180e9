/**
 * A pace without a scheduler: every request gets its first token `ttft` after it arrived and one more every `itl`,
 * whatever the load. For measuring the client itself, where the truth must not depend on the server.
 */
import type { Emit, Job, Pace, PaceState } from "./types.ts";

/** There is no model to ask; a common context today. */
const CONTEXT = 131_072;

export interface FixedPace {
  /** Seconds. */
  readonly ttft: number;
  readonly itl: number;
  /** All streams emit together, as a real engine's batch does; else each keeps its own phase. */
  readonly lockstep?: boolean;
}

interface Stream {
  readonly key: number;
  readonly phase: number;
  due: number;
  left: number;
  emitted: number;
}

export function fixedPace(pace: FixedPace): Pace {
  const live = new Map<number, Stream>();
  const heap: Stream[] = [];

  return { context: CONTEXT, submit, cancel, due, advance, state, cachedTokens: () => 0 };

  function submit(job: Job, now: number): boolean {
    const first = now + pace.ttft;
    const phase = pace.lockstep ? Math.ceil(first / pace.itl - 1e-9) * pace.itl : first;
    const stream = { key: job.key, phase, due: phase, left: job.output, emitted: 0 };
    live.set(job.key, stream);
    push(heap, stream);
    return true;
  }

  function cancel(key: number): void {
    const stream = live.get(key);
    if (!stream) return;
    live.delete(key);
    stream.left = 0;
  }

  function due(): number {
    while (heap.length > 0 && heap[0]!.left === 0) pop(heap);
    return heap[0]?.due ?? Infinity;
  }

  function advance(emit: Emit): void {
    const deadline = due() + 1e-9;
    while (due() <= deadline) {
      const stream = pop(heap);
      stream.left--;
      stream.emitted++;
      stream.due = stream.phase + stream.emitted * pace.itl;
      if (stream.left > 0) push(heap, stream);
      else live.delete(stream.key);
      emit(stream.key, 1);
    }
  }

  function state(): PaceState {
    return { running: live.size, waiting: 0, kvUsage: 0, preemptions: 0, prefixQueries: 0, prefixHits: 0 };
  }
}

function push(heap: Stream[], stream: Stream): void {
  let at = heap.length;
  heap.push(stream);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (heap[parent]!.due <= stream.due) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = stream;
}

function pop(heap: Stream[]): Stream {
  const top = heap[0]!;
  const last = heap.pop()!;
  if (heap.length === 0) return top;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && heap[child + 1]!.due < heap[child]!.due) child++;
    if (heap[child]!.due >= last.due) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
  return top;
}
