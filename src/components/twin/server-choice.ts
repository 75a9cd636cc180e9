/** The server that was measured, as it is typed, and as the engine takes it. */
import type { HuggingFaceConfig } from "../../engine/catalog/types.ts";
import type { Dtype } from "../../engine/catalog/types.ts";
import { InputError } from "../../engine/errors.ts";
import { resolveServer } from "../../engine/resolve.ts";
import type { SchedulerOptions, Server } from "../../engine/server.ts";
import { readTyped } from "../tools/read-typed.ts";

/** Every field a text, "" for the engine's default. `model` "" stands for the pasted config. */
export interface ServerChoice {
  readonly model: string;
  /** A Hugging Face config.json. */
  readonly config: string;
  readonly gpu: string;
  readonly tp: string;
  readonly engine: string;
  readonly weights: string;
  readonly kv: string;
  readonly seqs: string;
  readonly batch: string;
  readonly blocks: string;
}

export const usualServer: ServerChoice = {
  model: "llama-3.1-8b",
  config: "",
  gpu: "h100-sxm-80",
  tp: "1",
  engine: "vllm",
  weights: "",
  kv: "",
  seqs: "",
  batch: "",
  blocks: "",
};
export const serverFields = Object.keys(usualServer) as (keyof ServerChoice)[];

/** Something typed that can't be, and where. */
export class ChoiceProblem extends Error {
  readonly field: keyof ServerChoice;
  constructor(field: keyof ServerChoice, text: string) {
    super(text);
    this.field = field;
  }
}

const scheduler: readonly (readonly [keyof ServerChoice, "maxNumSeqs" | "maxNumBatchedTokens" | "numGpuBlocks"])[] = [
  ["seqs", "maxNumSeqs"],
  ["batch", "maxNumBatchedTokens"],
  ["blocks", "numGpuBlocks"],
];
/** Which field an error of the engine is about. */
const fieldOf: Readonly<Record<string, keyof ServerChoice>> = {
  gpu: "gpu",
  "server.gpu": "gpu",
  tensorParallel: "tp",
  weights: "weights",
  kv: "kv",
  engine: "engine",
};

/** Throws ChoiceProblem. */
export function serverOf(choice: ServerChoice): Server {
  const whole = (field: keyof ServerChoice): number | undefined => {
    if (choice[field].trim() === "") return undefined;
    const value = readTyped(choice[field]);
    if (!Number.isInteger(value) || value < 1) throw new ChoiceProblem(field, "a whole number from 1, or nothing");
    return value;
  };
  const options: Partial<SchedulerOptions> = {};
  for (const [field, option] of scheduler) {
    const value = whole(field);
    if (value !== undefined) options[option] = value;
  }
  const server: Server = {
    model: choice.model === "" ? configOf(choice.config) : choice.model,
    gpu: choice.gpu,
    tensorParallel: whole("tp") ?? 1,
    ...(choice.engine !== "" && { engine: choice.engine }),
    ...(choice.weights !== "" && { weights: choice.weights as Dtype }),
    ...(choice.kv !== "" && { kv: choice.kv as Dtype }),
    ...(Object.keys(options).length > 0 && { scheduler: options }),
  };
  try {
    resolveServer(server);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const field = Object.entries(fieldOf).find(([name]) => error.field.endsWith(name))?.[1];
    const option = scheduler.find(([, name]) => error.field.endsWith(name))?.[0];
    throw new ChoiceProblem(field ?? option ?? (choice.model === "" ? "config" : "model"), error.message);
  }
  return server;
}

function configOf(text: string): HuggingFaceConfig {
  if (text.trim() === "") throw new ChoiceProblem("config", "paste the model’s config.json, or choose a model");
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    throw new ChoiceProblem("config", "this is not JSON: paste the whole config.json, from { to }");
  }
  if (typeof config !== "object" || config === null || Array.isArray(config))
    throw new ChoiceProblem("config", "a config.json is one object: { … }");
  return config as HuggingFaceConfig;
}
