/** Small questions to an endpoint, by whichever way the page reaches it. */
import { browserDoctor, browserModels } from "./browser/in-browser.ts";
import type { DoctorReport } from "./doctor/report.ts";
import { isPaired, type EndpointTarget, type Via } from "./endpoint-target.ts";
import { askRunner } from "./through-runner.ts";

/** Model names in the server's order. Throws MeasureError with what to try. */
export async function listModels(target: EndpointTarget, via: Via): Promise<string[]> {
  if (via.kind === "browser") return browserModels(target);
  if (isPaired(via)) return browserModels(target, via);
  return (await askRunner<{ models: string[] }>(via, "models", { target })).models;
}

/** Never throws for what is wrong with the target: that is what the report says. Throws MeasureError when the runner itself is gone. */
export async function runDoctor(target: EndpointTarget, via: Via): Promise<DoctorReport> {
  if (via.kind === "browser") return browserDoctor(target);
  if (isPaired(via)) return browserDoctor(target, via);
  return askRunner<DoctorReport>(via, "doctor", { target });
}

/** Whether the page's own origin serves a runner. */
export async function hasRunner(): Promise<boolean> {
  return (await hello())?.runner === true;
}

/** Base URL of the simulated endpoint that the page's own server runs, with /v1; null where there is none. */
export async function ownSimulatedEndpoint(): Promise<string | null> {
  const url = (await hello())?.simulatedEndpoint;
  return typeof url === "string" ? `${url}/v1` : null;
}

interface SaidHello {
  readonly name?: string;
  readonly runner?: boolean;
  readonly simulatedEndpoint?: string | null;
}

async function hello(): Promise<SaidHello | null> {
  const answer = await fetch("/api/hello").catch(() => null);
  const said = answer?.ok ? ((await answer.json().catch(() => ({}))) as SaidHello) : {};
  return said.name === "perflab" ? said : null;
}

/** Gives the key to the runner, which keeps it in its memory for the URL's origin; without a key, has it forgotten. Throws MeasureError. */
export async function keepKeyInRunner(
  baseUrl: string,
  key: string | undefined,
  via: Extract<Via, { kind: "runner" }>,
): Promise<void> {
  await askRunner<object>(via, "key", { baseUrl, ...(key === undefined ? {} : { key }) });
}
