/** JSON files that a person or another command wrote. */
import { readFile } from "node:fs/promises";
import { model as modelOf } from "../../engine/catalog/model.ts";
import type { HuggingFaceConfig } from "../../engine/catalog/types.ts";
import type { Server } from "../../engine/server.ts";
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

/** A server as JSON, such as the digital twin's page writes; its model may be a Hugging Face config. */
export async function readServer(file: string): Promise<Server> {
  const server = (await readJson(file)) as Server;
  if (typeof server !== "object" || server === null || !("model" in server))
    throw new UsageError(`${file} must hold a server: an object with model and gpu`);
  const given = server.model as HuggingFaceConfig | string;
  return typeof given === "object" && "hidden_size" in given ? { ...server, model: modelOf(given) } : server;
}
