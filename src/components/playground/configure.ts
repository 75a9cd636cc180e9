/** From the knobs to what the engine takes: a Server, a Workload and an objective; and from the engine's errors back to the knob. */
import { InputError } from "../../engine/errors.ts";
import type { Slo } from "../../engine/metrics/types.ts";
import type { SchedulerOptions, Server } from "../../engine/server.ts";
import { burst, closed, constant, gamma, poisson, ramp } from "../../engine/workload/arrivals.ts";
import { clamp, exponential, fixed, lognormal, uniform } from "../../engine/workload/lengths.ts";
import type { Arrivals, Lengths, Workload } from "../../engine/workload/types.ts";
import { readTyped } from "../tools/read-typed.ts";
import { isActive, knobOf, knobs, replayed, valueOf, type Values } from "./knobs.ts";

export interface Setup {
  readonly server: Server;
  /** For a replay it lacks the recorded requests, which stay where they were read. */
  readonly load: Load;
  readonly slo: Slo;
}

/** What is drawn from distributions, or which trace is replayed how fast. */
export type Load =
  | { readonly kind: "drawn"; readonly workload: Workload }
  | {
      readonly kind: "replay";
      readonly trace: string;
      readonly speed: number;
      readonly limits: Pick<Workload, "requests" | "duration" | "maxConcurrency" | "seed">;
    };

/** Throws InputError whose field is a knob's id, for what a knob can't hold. The engine has the last word on what fits together. */
export function configure(values: Values): Setup {
  const read = new Reader(values);
  return { server: serverOf(read), load: loadOf(read), slo: sloOf(read) };
}

class Reader {
  readonly values: Values;
  constructor(values: Values) {
    this.values = values;
  }

  text(id: string): string {
    return valueOf(this.values, id).trim();
  }

  /** undefined where it is left to the default, or doesn't act. */
  optional(id: string): number | undefined {
    const knob = knobOf(id);
    const text = this.text(id);
    if (knob.kind !== "number" || text === "" || !isActive(knob, this.values)) return undefined;
    const value = readTyped(text);
    const kind = knob.whole === true ? "a whole number" : "a number";
    const allowed = `${kind} from ${knob.least.toLocaleString("en-GB")} to ${knob.most.toLocaleString("en-GB")}`;
    if (!(value >= knob.least && value <= knob.most) || (knob.whole === true && !Number.isInteger(value)))
      throw new InputError(id, text, allowed, `It must be ${allowed}`);
    return value;
  }

  /** Of a knob that must say something. */
  number(id: string): number {
    const value = this.optional(id);
    if (value === undefined) throw new InputError(id, this.text(id), "a number", "It must be a number");
    return value;
  }

  flag(id: string): boolean | undefined {
    return { yes: true, no: false }[this.text(id)];
  }
}

function serverOf(read: Reader): Server {
  const scheduler = defined<SchedulerOptions>({
    maxNumSeqs: read.optional("seqs"),
    maxNumBatchedTokens: read.optional("budget"),
    gpuMemoryUtilization: read.optional("memory"),
    policy: read.text("policy") === "priority" ? "priority" : undefined,
    enableChunkedPrefill: read.flag("chunked"),
    asyncScheduling: read.flag("async"),
    longPrefillTokenThreshold: read.optional("long-prefill"),
    longPrefillTokenThresholdAdaptive: read.flag("long-adaptive"),
    prefillScheduleInterval: read.optional("prefill-interval"),
    schedulerReserveFullIsl: read.flag("full-isl"),
    maxNumActiveSeqs: read.optional("active"),
    maxNumScheduledTokens: read.optional("scheduled"),
    maxWaiting: read.optional("max-waiting"),
    timeout: read.optional("timeout"),
    enablePrefixCaching: read.flag("prefix-caching"),
    blockSize: read.optional("block"),
    numGpuBlocks: read.optional("blocks"),
    maxModelLen: read.optional("context"),
    watermark: read.optional("watermark"),
  });
  const many = (id: string) => (read.text(id) === "1" ? undefined : read.optional(id));
  const tensorParallel = Number(read.text("tp"));
  const rtt = read.number("rtt");
  const every = read.optional("pause-every");
  return defined<Server>({
    model: read.text("model"),
    gpu: read.text("gpu"),
    tensorParallel: tensorParallel === 1 ? undefined : tensorParallel,
    pipelineParallel: many("pp"),
    dataParallel: many("dp"),
    expertParallel: many("ep"),
    replicas: many("replicas"),
    routing: routingOf(read),
    weights: (read.text("weights") || undefined) as Server["weights"],
    kv: (read.text("kv") || undefined) as Server["kv"],
    scheduler: Object.keys(scheduler).length > 0 ? scheduler : undefined,
    batching: read.text("batching") === "continuous" ? undefined : (read.text("batching") as Server["batching"]),
    kvAllocator: allocatorOf(read),
    speculation:
      read.text("drafts") === ""
        ? undefined
        : {
            method: read.text("drafts") as NonNullable<NonNullable<Server["speculation"]>["method"]>,
            draftTokens: read.number("draft-tokens"),
            acceptance: read.number("acceptance"),
            draftCost: read.number("draft-cost"),
          },
    disaggregated:
      read.text("apart") === ""
        ? undefined
        : {
            prefillGpus: read.number("prefill-gpus"),
            decodeGpus: read.number("decode-gpus"),
            linkBytesPerSecond: read.number("link") * 1e9,
          },
    network: rtt > 0 ? { rtt: rtt / 1000 } : undefined,
    pauses: every === undefined ? undefined : { every, length: read.number("pause-length") },
    engine: read.text("engine") || undefined,
    version: read.text("version") || undefined,
    // Said, since code of the course's labs has another set as its default.
    parameters: read.text("parameters"),
  });
}

function routingOf(read: Reader): Server["routing"] {
  const routing = read.text("routing");
  if (routing === "least-loaded") return routing;
  return routing === "prefix" ? { affinity: "prefix", loadBound: read.number("load-bound") } : undefined;
}

function allocatorOf(read: Reader): Server["kvAllocator"] {
  const allocator = read.text("allocator");
  if (allocator === "powerOfTwo") return allocator;
  return allocator === "reserve" ? { reserve: read.number("reserve") } : undefined;
}

function loadOf(read: Reader): Load {
  const trace = replayed(read.values);
  const limits = defined<Pick<Workload, "requests" | "duration" | "maxConcurrency" | "seed">>({
    requests: read.number("requests"),
    duration: read.optional("duration"),
    maxConcurrency: read.optional("concurrency"),
    seed: read.number("seed"),
  });
  if (trace !== null) return { kind: "replay", trace, speed: read.number("speed"), limits };
  const prefix = read.number("prefix");
  const turns = read.number("turns");
  const zipf = read.number("zipf");
  const workload: Workload = {
    arrivals: arrivalsOf(read),
    prompt: lengthsOf(read, "prompt"),
    output: lengthsOf(read, "output"),
    ...(prefix > 0 && {
      prefix: { groups: read.number("groups"), tokens: fixed(prefix), ...(zipf > 0 && { zipf }) },
    }),
    ...(turns > 1 && { sessions: { turns: fixed(turns), think: exponentialOrNone(read.number("pause")) } }),
    ...limits,
  };
  return { kind: "drawn", workload };
}

function arrivalsOf(read: Reader): Arrivals {
  switch (read.text("arrivals")) {
    case "gamma":
      return gamma(read.number("rate"), read.number("burstiness"));
    case "constant":
      return constant(read.number("rate"));
    case "ramp":
      return ramp(read.number("from"), read.number("to"), read.number("seconds"));
    case "burst":
      return burst();
    case "closed": {
      const think = read.number("think");
      return closed(read.number("users"), think > 0 ? { thinkTime: exponential(think) } : {});
    }
    default:
      return poisson(read.number("rate"));
  }
}

const exponentialOrNone = (mean: number): Lengths => (mean > 0 ? exponential(mean) : fixed(0));

function lengthsOf(read: Reader, of: "prompt" | "output"): Lengths {
  const mean = read.number(of);
  const most = read.optional(`${of}-most`);
  const shape = read.text(`${of}-shape`);
  const lengths =
    shape === "fixed"
      ? fixed(mean)
      : shape === "uniform"
        ? uniform(1, Math.max(1, Math.round(2 * mean - 1)))
        : shape === "exponential"
          ? exponential(mean)
          : lognormal({ mean, sigma: read.number(`${of}-sigma`) });
  return most === undefined ? lengths : clamp(lengths, 1, most);
}

function sloOf(read: Reader): Slo {
  const seconds = (id: string) => {
    const milliseconds = read.optional(id);
    // A bound of nothing is none.
    return milliseconds === undefined || milliseconds === 0 ? undefined : milliseconds / 1000;
  };
  return defined<Slo>({ ttft: seconds("slo-ttft"), tpot: seconds("slo-tpot"), e2e: seconds("slo-e2e") });
}

/** Without what is undefined. */
function defined<T>(given: { readonly [Name in keyof T]?: T[Name] | undefined }): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
}

/** The knob that an InputError is about; null where it is about several. */
export function knobAtFault(field: string): string | null {
  if (knobs.some(({ id }) => id === field)) return field;
  const plain = field.replace(/^server\./, "");
  const exact = knobs.find((knob) => knob.field === plain || knob.field === field);
  const above = knobs.find((knob) => plain !== "" && knob.field.startsWith(`${plain}.`) && knob.kind === "choice");
  return (exact ?? above)?.id ?? null;
}

/** Tokens of a mean prompt, prefix included, and of a mean answer, as far as the knobs say. */
export function meanLengths(
  workload: Workload,
  mean: (lengths: Lengths) => number,
): { prompt: number; output: number; cached: number } {
  const cached = workload.prefix === undefined ? 0 : mean(workload.prefix.tokens);
  return { prompt: Math.max(1, mean(workload.prompt)) + cached, output: Math.max(1, mean(workload.output)), cached };
}
