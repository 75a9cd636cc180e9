/** Names of a lab's checks, read in Node when the site is built. */
import type { LabContext } from "./context.ts";
import { bindLab, checksOf } from "./runtime.ts";

/** Names of a compiled checks.ts, in order. @throws Error when it has no list of checks. */
export async function checkNames(checks: string): Promise<readonly string[]> {
  bindLab(nowhere);
  const url = `data:text/javascript;charset=utf-8,${encodeURIComponent(checks)}`;
  return checksOf((await import(/* @vite-ignore */ url)) as Record<string, unknown>).map(({ name }) => name);
}

const nothing = () => undefined;
const nothingHere = () => {
  throw new Error("checks.ts may call this within a check, not while it is loaded");
};

/** A lab that nothing is run in. */
const nowhere: LabContext = {
  seed: 0,
  params: {},
  parameters: "course-h100-v1",
  measured: false,
  replay: [],
  runs: [],
  charts: [],
  emit: nothing,
  keep: nothing,
  progress: nothing,
  note: nothing,
  traceData: nothing,
  measure: nothingHere,
  openStream: nothingHere,
};
