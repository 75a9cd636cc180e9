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
  const answer = await fetch("/api/hello").catch(() => null);
  const hello = answer?.ok ? ((await answer.json().catch(() => ({}))) as { name?: string; runner?: boolean }) : {};
  return hello.name === "perflab" && hello.runner === true;
}

/** Gives the key to the runner, which keeps it in its memory for the URL's origin; without a key, has it forgotten. Throws MeasureError. */
export async function keepKeyInRunner(
  baseUrl: string,
  key: string | undefined,
  via: Extract<Via, { kind: "runner" }>,
): Promise<void> {
  await askRunner<object>(via, "key", { baseUrl, ...(key === undefined ? {} : { key }) });
}
