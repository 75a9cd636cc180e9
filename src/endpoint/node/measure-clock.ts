/** Asks a time source over HTTP how far this machine's clock is from it. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ClockOffset } from "../../engine/run.ts";
import { OffsetEstimate } from "../clock-offset.ts";
import type { EndpointTarget } from "../endpoint-target.ts";
import { httpGet } from "./http-get.ts";
import { wall } from "./node-clock.ts";

const TIMEOUT_MS = 2000;

interface ClockQuestion {
  /** The key goes along, so `url` must be of the target's own origin, or the target without a key. */
  readonly target: EndpointTarget;
  readonly url: URL;
  /** What the result calls it. */
  readonly source: string;
  readonly probes: number;
  readonly signal?: AbortSignal;
}

/** Takes up to a second a probe. Undefined where the source can't be reached or sends no Date. */
export async function measureClock({
  target,
  url,
  source,
  probes,
  signal,
}: ClockQuestion): Promise<ClockOffset | undefined> {
  const estimate = new OffsetEstimate();
  try {
    for (let i = 0; i < probes && !(i > 0 && estimate.done) && !signal?.aborted; i++) {
      await sleep(Math.max(0, (estimate.next(wall()) - wall()) * 1000));
      const sent = wall();
      const { headers } = await httpGet(target, url, TIMEOUT_MS);
      const date = Date.parse(headers.date ?? "") / 1000;
      if (!Number.isFinite(date)) return undefined;
      estimate.add(date, sent, wall());
    }
  } catch {
    return undefined;
  }
  return estimate.result(source);
}
