/** Measures from a Node process: what the runner's worker and the command line share. */
import type { Run } from "../../engine/run.ts";
import type { Workload } from "../../engine/workload/types.ts";
import { measure } from "../measure.ts";
import { normalBaseUrl, type EndpointTarget, type MeasureOptions } from "../endpoint-target.ts";
import { metricsUrl, readCounters, type CounterSnapshot } from "../server-metrics/counters.ts";
import { httpGet, httpPost } from "./http-get.ts";
import type { SmallPost } from "../tokenize.ts";
import { httpTransport } from "./http-transport.ts";
import { nodeClock } from "./node-clock.ts";
import { warmOwnCode } from "./warm-own-code.ts";

/** Many servers have no metrics and no tokenizer to ask; neither is worth a long wait. */
const SIDE_TIMEOUT_MS = 2000;

/** Throws MeasureError when the target can't be measured at all, InputError when the workload is malformed. */
export async function measureFromNode(
  target: EndpointTarget,
  workload: Workload,
  options: MeasureOptions = {},
): Promise<Run> {
  warmOwnCode();
  const transport = httpTransport(target);
  const scrape = (): Promise<CounterSnapshot | undefined> =>
    httpGet(target, metricsUrl(normalBaseUrl(target.baseUrl)), SIDE_TIMEOUT_MS)
      .then((answer) => (answer.status === 200 ? readCounters(answer.body) : undefined))
      .catch(() => undefined);
  const post: SmallPost = (url, body) => httpPost(target, url, body, SIDE_TIMEOUT_MS);
  try {
    return await measure(
      { transport, clock: nodeClock, versions: { node: process.version }, scrape, post },
      target,
      workload,
      options,
    );
  } finally {
    transport.close();
  }
}
