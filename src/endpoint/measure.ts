/** One measurement from beginning to end, whatever carries it: warm-up, the load, and the server's own counters around it. */
import { runLoad } from "../engine/benchmark/load.ts";
import { withOwnPrompts } from "../engine/benchmark/own-prompts.ts";
import { planOf, rowsOf } from "../engine/benchmark/plan.ts";
import { shardPlan } from "../engine/benchmark/shard.ts";
import type { Clock, Transport } from "../engine/benchmark/transport.ts";
import type { Budget } from "../engine/benchmark/budget.ts";
import { warmUp, type WarmUp } from "../engine/benchmark/warm-up.ts";
import type { Measurement, Run } from "../engine/run.ts";
import type { Workload } from "../engine/workload/types.ts";
import { atMost, concurrencyOf, DEFAULT_WARMUP } from "./allotment.ts";
import { MeasureError, type EndpointTarget, type MeasureOptions } from "./endpoint-target.ts";
import { hideSecrets, withoutSecrets } from "./secrets.ts";
import { countersBetween, type CounterSnapshot } from "./server-metrics/counters.ts";
import { countTokens, type SmallPost } from "./tokenize.ts";

const WARMUP_TIMEOUT = 120;

export interface Carrier {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly versions: Readonly<Record<string, string>>;
  /** Reads the server's counters, where it publishes any. */
  readonly scrape?: () => Promise<CounterSnapshot | undefined>;
  /** The proxy that the environment names, and whether the load goes through it. */
  readonly proxy?: Measurement["proxy"];
  /** Small questions beside the load. */
  readonly post?: SmallPost;
  /** Seconds since 1970, now. Needed for `startAt`. */
  readonly wall?: () => number;
}

/**
 * `options.budget` holds for everything that is sent, warm-up included.
 * Throws MeasureError when the target can't be measured at all, InputError when the workload is malformed.
 */
export async function measure(
  carrier: Carrier,
  target: EndpointTarget,
  workload: Workload,
  options: MeasureOptions = {},
): Promise<Run> {
  const { clock, post } = carrier;
  const { budget } = options;
  const transport =
    budget?.requests === undefined ? carrier.transport : atMost(budget.requests, carrier.transport, clock);
  const api = target.api ?? "chat";
  const drawn = planOf(workload);
  const whole = options.prompts ? withOwnPrompts(drawn, options.prompts) : drawn;
  const { shard } = options;
  const plan = shard ? shardPlan(whole, shard) : whole;
  const salt = options.salt ?? newSalt();
  const warm = await warmUp(transport, clock, options.signal, {
    model: target.model,
    api,
    stream: options.whole !== true,
    requests: options.warmup ?? DEFAULT_WARMUP,
    concurrency: concurrencyOf(plan.users, plan.maxConcurrency, rowsOf(plan).length),
    salt,
    ...(shard && { shard: shard.index }),
    ...(budget?.requests !== undefined && { most: budget.requests }),
    timeout: WARMUP_TIMEOUT,
    ...(post && {
      countTokens: (content) => countTokens(post, target.baseUrl, target.model, api, content),
    }),
    ...(options.extraBody && { extraBody: options.extraBody }),
  });
  if (warm.failure) throw new MeasureError(warm.failure.kind, hideSecrets(warm.failure.message, target));
  const before = await carrier.scrape?.();
  const zero = beginning(options.startAt, carrier);
  const run = await runLoad(transport, clock, options.signal, workload, plan, {
    target: target.label,
    model: target.model,
    shape: warm.shape,
    calibration: warm.calibration,
    salt,
    warmup: warm.sent,
    requestIds: warm.requestIds,
    versions: carrier.versions,
    ...(options.extraBody && { extraBody: options.extraBody }),
    ...(options.timeouts && { timeouts: definedOnly(options.timeouts) }),
    ...(budget && { budget: afterWarmUp(budget, warm) }),
    ...(options.prompts && { prompts: options.prompts }),
    ...(options.record && { record: options.record }),
    ...(zero !== undefined && { zero }),
    ...(options.onProgress && { onProgress: options.onProgress }),
    ...(options.onRequest && { onRequest: options.onRequest }),
  });
  const after = before && (await carrier.scrape?.());
  const measurement: Measurement | undefined = run.measurement && {
    ...run.measurement,
    ...(shard && { shard: { ...shard, requests: plan.requests.length } }),
    ...(before && after && { server: countersBetween(before, after) }),
    ...(warm.failed > 0 && { warmupFailed: warm.failed }),
    warmupTokens: warm.tokens,
    ...(carrier.proxy && { proxy: carrier.proxy }),
    ...(target.insecureTls && { insecureTls: true }),
  };
  return withoutSecrets({ ...run, ...(measurement && { measurement }) }, target);
}

/** The agreed instant on the load's clock. Throws MeasureError where it has passed: a part of a schedule that begins late is another load. */
function beginning(startAt: number | undefined, { clock, wall }: Carrier): number | undefined {
  if (startAt === undefined || !wall) return undefined;
  const left = startAt - wall();
  if (left >= 0) return clock.now() + left;
  throw new MeasureError(
    "late-start",
    `The start that was agreed passed ${(-left).toFixed(1)} s before the warm-up was done, so nothing was measured. Agree on a later one.`,
  );
}

function afterWarmUp({ requests, tokens }: Budget, warm: WarmUp): Budget {
  return {
    ...(requests !== undefined && { requests: Math.max(0, requests - warm.sent) }),
    ...(tokens !== undefined && { tokens: Math.max(0, tokens - warm.tokens) }),
  };
}

/** 31 random bits: never the same prompts twice. */
function newSalt(): number {
  return globalThis.crypto.getRandomValues(new Uint32Array(1))[0]! >>> 1;
}

function definedOnly(record: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(record).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}
