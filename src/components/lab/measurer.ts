/** How a lab's measurement is carried: by the engine in the tab where that is the target, by the runner that serves the page where there is one, else straight from the browser. */
import {
  keepKeyInRunner,
  listModels,
  measureInBrowser,
  MeasureError,
  measureThroughRunner,
  openStreamThroughRunner,
  pairWithRunner,
  runDoctor,
  type DoctorReport,
  type EndpointTarget,
  type PairedRunner,
  type Via,
} from "../../endpoint/target.ts";
import { isTabTarget, measureInTab, openStreamInTab } from "../../endpoint/tab-engine.ts";
import type { Measurer } from "../../lab/session.ts";

let paired: PairedRunner | null = null;

/** From now on the page's labs measure through this runner. Throws MeasureError. */
export async function usePairedRunner(url: string, token: string): Promise<void> {
  paired = await pairWithRunner(url, token);
}

export const measurer: Measurer = {
  async measure(target, workload, { onLoading, ...options }) {
    if (isTabTarget(target)) return measureInTab(workload, { ...options, onLoading });
    if (paired !== null) return measureInBrowser(target, workload, { ...options, runner: paired });
    try {
      return await measureThroughRunner(target, workload, options);
    } catch (error) {
      if (!isWithoutRunner(error)) throw error;
      return measureInBrowser(target, workload, options);
    }
  },
  openStream: (target, request, signal) =>
    isTabTarget(target) ? openStreamInTab(request, signal) : openStreamThroughRunner(target, request, { signal }),
};

/** The server's model names, and how they were reached. */
export function modelsOf(target: EndpointTarget): Promise<{ models: readonly string[]; via: Via["kind"] }> {
  return byEitherWay(async (via) => ({ models: await listModels(target, via), via: via.kind }));
}

/** What keeps the target from being measured, or would spoil its figures. */
export function examine(target: EndpointTarget): Promise<DoctorReport> {
  return byEitherWay((via) => runDoctor(target, via));
}

/** Whether there is a runner, which now keeps the key for the URL's origin in its memory. Without a key, forgets it. */
export async function keepKey(baseUrl: string, key?: string): Promise<boolean> {
  try {
    await keepKeyInRunner(baseUrl, key, { kind: "runner" });
    return true;
  } catch (error) {
    if (!isWithoutRunner(error)) throw error;
    return false;
  }
}

async function byEitherWay<T>(ask: (via: Via) => Promise<T>): Promise<T> {
  if (paired !== null) return ask(paired);
  try {
    return await ask({ kind: "runner" });
  } catch (error) {
    if (!isWithoutRunner(error)) throw error;
    return ask({ kind: "browser" });
  }
}

function isWithoutRunner(error: unknown): boolean {
  return error instanceof MeasureError && error.kind === "no-runner";
}
