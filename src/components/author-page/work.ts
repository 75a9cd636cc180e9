/** What the authoring page does beyond typing: prove, preview and pack. Loaded when it is asked for, with engine, schemas and compiler. */
import { strToU8, zipSync } from "fflate";
import type { Fault } from "../../lab/fault.ts";
import { defaultParams } from "../../lab/definition.ts";
import { readLab } from "../../lab/lab-sources.ts";
import { offerCode } from "../../lab/page-services.ts";
import type { LabSetup, LabUrls } from "../../lab/setup.ts";
import { setupOf } from "../../lab/setup-of.ts";
import { toolsFor } from "../author-panel/prove-in-tab.ts";
import type { Draft } from "./draft.ts";

export { proveInTab } from "../author-panel/prove-in-tab.ts";

/** The folder as an archive, under the lab's name. */
export function packDraft({ id, files }: Draft): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(files).map(([name, text]) => [`${id}/${name}`, strToU8(text)] as const);
  return zipSync(Object.fromEntries(entries)) as Uint8Array<ArrayBuffer>;
}

let previews = 0;

/** The lab as a learner meets it, or what keeps it from being shown. */
export async function previewOf(
  { id, files }: Draft,
  urls: LabUrls,
): Promise<{ readonly setup: LabSetup } | { readonly faults: readonly Fault[] }> {
  const { sources, faults } = readLab(id, (file) => files[file]);
  if (sources === undefined) return { faults };
  const { definition, starter } = sources;
  const tools = toolsFor(sources, urls);
  try {
    const [begin, solution, checks] = await Promise.all([
      tools.compile("starter.ts", starter),
      tools.compile("solution.ts", sources.solution),
      tools.compile("checks.ts", sources.checks),
    ]);
    const wrong = [begin, solution, checks].flatMap((result) => ("faults" in result ? result.faults : []));
    if ("faults" in begin || "faults" in solution || "faults" in checks) return { faults: wrong };
    const { results } = await tools.run({
      lab: id,
      mode: "check",
      code: solution.compiled.code,
      checks: checks.compiled.code,
      seed: definition.seed,
      params: defaultParams(definition),
      parameters: definition.parameters,
      measured: false,
      limit: definition.limit,
      ...(definition.server && { server: definition.server }),
    });
    const names = results.map(({ name }) => name);
    const code = `preview-${++previews}`;
    offerCode(code, {
      starter: begin.compiled,
      solution: solution.compiled,
      checks: checks.compiled,
      checkNames: names,
      solutionSource: sources.solution,
      files: sources.files,
    });
    const setup: LabSetup = {
      ...setupOf(definition, starter),
      id: `preview-of-${id}`,
      passing: true,
      checks: names,
      files: sources.files,
      urls: { ...urls, code },
    };
    return { setup };
  } finally {
    tools.dispose();
  }
}
