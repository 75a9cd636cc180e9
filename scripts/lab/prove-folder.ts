/** Proves a lab's folder in the proving browser: its files, its code, its checks. */
import * as esbuild from "esbuild";
import { compileLabFile } from "../../src/lab/compile/lab-code.ts";
import type { Fault } from "../../src/lab/fault.ts";
import type { LabSources } from "../../src/lab/lab-sources.ts";
import type { LabReport } from "../../src/lab/proof.ts";
import { proveLab } from "../../src/lab/prove.ts";
import { mutantsOf, strangeAnswers } from "./mutants.ts";
import type { ProvingBrowser } from "./proving-browser.ts";

/** `faults`: what is wrong with the folder's files already, told with the rest. */
export async function proveSources(
  { sources, faults }: { readonly sources?: LabSources; readonly faults: readonly Fault[] },
  browser: ProvingBrowser,
  seeds: readonly number[],
  thorough: boolean,
): Promise<{ readonly report?: LabReport; readonly faults: readonly Fault[] }> {
  if (sources === undefined) return { faults };
  const report = await proveLab(
    sources,
    {
      compile: (file, code) => compileLabFile(esbuild, sources, file, code),
      run: (job) => browser.run(job),
    },
    { seeds, mutants: mutantsOf(sources.solution), strange: strangeAnswers(sources.solution), thorough },
  );
  return { report, faults: [...faults, ...report.faults] };
}
