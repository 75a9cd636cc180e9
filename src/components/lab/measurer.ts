/** How a lab's measurement is carried: by the runner that serves the page where there is one, else straight from the browser. */
import {
  listModels,
  measureInBrowser,
  MeasureError,
  measureThroughRunner,
  openStreamThroughRunner,
  type EndpointTarget,
  type Via,
} from "../../endpoint/target.ts";
import type { Measurer } from "../../lab/session.ts";

export const measurer: Measurer = {
  async measure(target, workload, options) {
    try {
      return await measureThroughRunner(target, workload, options);
    } catch (error) {
      if (!isWithoutRunner(error)) throw error;
      return measureInBrowser(target, workload, options);
    }
  },
  openStream: (target, request, signal) => openStreamThroughRunner(target, request, { signal }),
};

/** The server's model names, and how they were reached. */
export async function modelsOf(target: EndpointTarget): Promise<{ models: readonly string[]; via: Via["kind"] }> {
  try {
    return { models: await listModels(target, { kind: "runner" }), via: "runner" };
  } catch (error) {
    if (!isWithoutRunner(error)) throw error;
    return { models: await listModels(target, { kind: "browser" }), via: "browser" };
  }
}

function isWithoutRunner(error: unknown): boolean {
  return error instanceof MeasureError && error.kind === "no-runner";
}
