/** A clock turned by hand and a transport that answers by script, so that the load generator can be tested without waiting. */
import type {
  Clock,
  Exchange,
  Sink,
  Transport,
  TransportFailure,
  WireRequest,
} from "../../../src/engine/benchmark/transport.ts";

export interface VirtualClock extends Clock {
  /** Runs everything that is due until nothing is left, or `until`. */
  run(until?: number): void;
}

/** `late`: seconds by which a call that is due at a time comes after it, as on a machine with too much to do. */
export function virtualClock(late: (due: number) => number = () => 0): VirtualClock {
  let now = 100;
  let order = 0;
  const calls = new Map<number, { time: number; call: () => void }>();
  return {
    now: () => now,
    at(time, call) {
      const id = order++;
      calls.set(id, { time: time + late(time), call });
      return () => void calls.delete(id);
    },
    run(until = 1e6) {
      for (let steps = 0; steps < 1e6; steps++) {
        let next: number | undefined;
        for (const [id, { time }] of calls) if (next === undefined || time < calls.get(next)!.time) next = id;
        if (next === undefined || calls.get(next)!.time > until) return;
        const { time, call } = calls.get(next)!;
        calls.delete(next);
        now = Math.max(now, time);
        call();
      }
      throw new Error("the clock never came to rest");
    },
  };
}

/** How one request is answered. */
export interface Script {
  readonly ttft: number;
  readonly itl: number;
  readonly status?: number;
  /** Ends with this instead of a finish after so many tokens. */
  readonly breakAfter?: { readonly tokens: number; readonly failure: TransportFailure };
  readonly silent?: boolean;
}

export interface ScriptedTransport extends Transport {
  readonly bodies: { readonly max_tokens: number; readonly messages: { role: string; content: string }[] }[];
  peak: number;
}

const text = new TextEncoder();

export function scriptedTransport(
  clock: VirtualClock,
  script: (index: number) => Script,
  maxStreams?: number,
): ScriptedTransport {
  let open = 0;
  const transport: ScriptedTransport = {
    name: "scripted",
    ...(maxStreams !== undefined && { maxStreams }),
    bodies: [],
    peak: 0,
    send(request: WireRequest, sink: Sink): Exchange {
      const body = JSON.parse(request.body) as ScriptedTransport["bodies"][number];
      const { ttft, itl, status = 200, breakAfter, silent } = script(transport.bodies.length);
      transport.bodies.push(body);
      transport.peak = Math.max(transport.peak, ++open);
      let over = false;
      const end = (): boolean => {
        if (over) return false;
        over = true;
        open--;
        return true;
      };
      const say = (data: unknown): void =>
        sink.chunk(text.encode(`data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`), clock.now());
      const token = (i: number): void => {
        if (over) return;
        if (i === 0) sink.headers(status, () => undefined, clock.now());
        if (status !== 200) return void (end() && sink.end(clock.now()));
        if (breakAfter?.tokens === i) return void (end() && sink.fail(breakAfter.failure, clock.now()));
        if (i < body.max_tokens) {
          say({
            choices: [
              { index: 0, delta: { content: ` t${i}` }, finish_reason: i + 1 === body.max_tokens ? "length" : null },
            ],
          });
          clock.at(clock.now() + itl, () => token(i + 1));
          return;
        }
        say({ choices: [], usage: { prompt_tokens: 10, completion_tokens: body.max_tokens } });
        say("[DONE]");
        if (end()) sink.end(clock.now());
      };
      if (!silent) clock.at(clock.now() + ttft, () => token(0));
      return { abort: () => void end() };
    },
  };
  return transport;
}
