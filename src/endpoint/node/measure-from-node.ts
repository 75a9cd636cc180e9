/** Measures from a Node process: what the runner's worker and the command line share. */
import type { Measurement, Run } from "../../engine/run.ts";
import type { Workload } from "../../engine/workload/types.ts";
import { measure } from "../measure.ts";
import { serverUrl } from "../base-url.ts";
import type { EndpointTarget, MeasureOptions } from "../endpoint-target.ts";
import { readCounters, type CounterSnapshot } from "../server-metrics/counters.ts";
import { httpGet, httpPost } from "./http-get.ts";
import type { SmallPost } from "../tokenize.ts";
import { httpTransport } from "./http-transport.ts";
import type { ProxyChoice } from "./proxy.ts";
import { nodeClock, wall } from "./node-clock.ts";
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
    httpGet(target, serverUrl(target.baseUrl, "/metrics"), SIDE_TIMEOUT_MS)
      .then((answer) => (answer.status === 200 ? readCounters(answer.body) : undefined))
      .catch(() => undefined);
  const post: SmallPost = (url, body) => httpPost(target, url, body, SIDE_TIMEOUT_MS);
  try {
    return await measure(
      {
        transport,
        clock: nodeClock,
        versions: { node: process.version },
        scrape,
        post,
        wall,
        ...(transport.proxy && { proxy: shown(transport.proxy) }),
      },
      target,
      workload,
      options,
    );
  } finally {
    transport.close();
  }
}

/** Without the proxy's own address, which may hold a password. */
function shown({ variable, ignored }: ProxyChoice): NonNullable<Measurement["proxy"]> {
  return { variable, ...(ignored !== undefined && { ignored }) };
}
