/** Small questions to an endpoint, by whichever way the page reaches it. */
import { browserDoctor, browserModels } from "./browser/in-browser.ts";
import type { DoctorReport } from "./doctor/report.ts";
import type { EndpointTarget, Via } from "./endpoint-target.ts";
import { askRunner } from "./through-runner.ts";

/** Model names in the server's order. Throws MeasureError with what to try. */
export async function listModels(target: EndpointTarget, via: Via): Promise<string[]> {
  if (via.kind === "browser") return browserModels(target);
  return (await askRunner<{ models: string[] }>(via, "models", { target })).models;
}

/** Never throws for what is wrong with the target: that is what the report says. Throws MeasureError when the runner itself is gone. */
export async function runDoctor(target: EndpointTarget, via: Via): Promise<DoctorReport> {
  if (via.kind === "browser") return browserDoctor(target);
  return askRunner<DoctorReport>(via, "doctor", { target });
}

/** Gives the key to the runner, which keeps it in its memory for the URL's origin; without a key, has it forgotten. Throws MeasureError. */
export async function keepKeyInRunner(
  baseUrl: string,
  key: string | undefined,
  via: Extract<Via, { kind: "runner" }>,
): Promise<void> {
  await askRunner<object>(via, "key", { baseUrl, ...(key === undefined ? {} : { key }) });
}
