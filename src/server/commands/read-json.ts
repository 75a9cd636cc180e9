/** JSON files that a person or another command wrote. */
import { readFile } from "node:fs/promises";
import type { StepParameters } from "../../engine/step/types.ts";
import { UsageError } from "./exit-codes.ts";
import { decodeText } from "./read-text.ts";

/** Throws UsageError, with the reason, where it can't be read. */
export async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(decodeText(await readFile(file))) as unknown;
  } catch (error) {
    throw new UsageError(`${file} can't be read: ${(error as Error).message}`);
  }
}

/** What `calibrate --save-parameters` wrote; the engine checks its fields. */
export async function readParameters(file: string): Promise<StepParameters> {
  const value = await readJson(file);
  if (typeof value !== "object" || value === null || !("form" in value))
    throw new UsageError(`${file} must hold what calibrate --save-parameters writes`);
  return value as unknown as StepParameters;
}
