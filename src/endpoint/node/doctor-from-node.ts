/** The doctor's round from a Node process. */
import type { FailureKind } from "../../engine/benchmark/transport.ts";
import { examine, Unreachable, type Stethoscope } from "../doctor/examine.ts";
import type { DoctorReport, FindingId } from "../doctor/report.ts";
import type { EndpointTarget } from "../endpoint-target.ts";
import { normalBaseUrl } from "../base-url.ts";
import { MeasureError } from "../endpoint-target.ts";
import { nodeFailure } from "../failures.ts";
import { withoutSecrets } from "../secrets.ts";
import { httpGet } from "./http-get.ts";
import { httpTransport, type HttpTransport } from "./http-transport.ts";
import { nodeClock } from "./node-clock.ts";

const FINDINGS: Partial<Record<FailureKind, FindingId>> = {
  dns: "dns",
  "refused-connection": "refused",
  tls: "tls",
  malformed: "not-http",
};

/** Never throws for what is wrong with the target: that is what the report says. */
export async function runDoctorFromNode(target: EndpointTarget): Promise<DoctorReport> {
  const transport = transportOrNone(target);
  const how: Stethoscope = {
    transport: transport ?? { name: "none", send: () => ({ abort: () => {} }) },
    clock: nodeClock,
    ...(transport?.proxy && { proxy: transport.proxy }),
    async get(url) {
      const answer = await httpGet(target, url).catch((error: NodeJS.ErrnoException) => {
        const failure = nodeFailure(error);
        throw new Unreachable(FINDINGS[failure.kind] ?? "unreachable", error.code ?? error.message);
      });
      return { status: answer.status, body: answer.body, header: (name) => String(answer.headers[name] ?? "") };
    },
  };
  try {
    return withoutSecrets(await examine(how, target), target);
  } finally {
    transport?.close();
  }
}

/** A URL that is none is a finding, not an error. */
function transportOrNone(target: EndpointTarget): HttpTransport | undefined {
  try {
    normalBaseUrl(target.baseUrl);
  } catch (error) {
    if (error instanceof MeasureError) return undefined;
    throw error;
  }
  return httpTransport(target);
}
