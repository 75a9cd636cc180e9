/** One measurement from beginning to end, whatever carries it: warm-up, the load, and the server's own counters around it. */
import { runLoad } from "../engine/benchmark/load.ts";
import { withOwnPrompts } from "../engine/benchmark/own-prompts.ts";
import { planOf } from "../engine/benchmark/plan.ts";
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
  const plan = options.prompts ? withOwnPrompts(drawn, options.prompts) : drawn;
  const salt = options.salt ?? newSalt();
  const warm = await warmUp(transport, clock, options.signal, {
    model: target.model,
    api,
    stream: options.whole !== true,
    requests: options.warmup ?? DEFAULT_WARMUP,
    concurrency: concurrencyOf(plan.users, plan.maxConcurrency, plan.requests.length),
    salt,
    ...(budget?.requests !== undefined && { most: budget.requests }),
    timeout: WARMUP_TIMEOUT,
    ...(post && {
      countTokens: (content) => countTokens(post, target.baseUrl, target.model, api, content),
    }),
    ...(options.extraBody && { extraBody: options.extraBody }),
  });
  if (warm.failure) throw new MeasureError(warm.failure.kind, hideSecrets(warm.failure.message, target));
  const before = await carrier.scrape?.();
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
    ...(options.onProgress && { onProgress: options.onProgress }),
  });
  const after = before && (await carrier.scrape?.());
  const measurement: Measurement | undefined = run.measurement && {
    ...run.measurement,
    ...(before && after && { server: countersBetween(before, after) }),
    ...(warm.failed > 0 && { warmupFailed: warm.failed }),
    warmupTokens: warm.tokens,
    ...(carrier.proxy && { proxy: carrier.proxy }),
    ...(target.insecureTls && { insecureTls: true }),
  };
  return withoutSecrets({ ...run, ...(measurement && { measurement }) }, target);
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
