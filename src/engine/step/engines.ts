/** Generations of serving engines: versions that share their host overheads. */
import { InputError } from "../errors.ts";

/** Newest first within a family; `from` is the first version of the generation, compared number by number. */
const families: Readonly<Record<string, readonly { readonly id: string; readonly from: readonly number[] }[]>> = {
  vllm: [
    { id: "vllm-async", from: [0, 14] },
    { id: "vllm-v1", from: [0, 8] },
    { id: "vllm-v0", from: [0, 5] },
    { id: "vllm-2023", from: [0, 0] },
  ],
  sglang: [{ id: "sglang", from: [0] }],
  trtllm: [
    { id: "trtllm-pytorch", from: [0, 20] },
    { id: "trtllm-cpp", from: [0] },
  ],
  tensorrt: [{ id: "trtllm-cpp", from: [0] }],
  lmdeploy: [{ id: "lmdeploy", from: [0] }],
  llamacpp: [{ id: "llamacpp", from: [0] }],
  hf: [{ id: "hf", from: [0] }],
  fastertransformer: [{ id: "fastertransformer", from: [0] }],
  "gpt-fast": [{ id: "gpt-fast", from: [0] }],
};

/** The generation that servers without an `engine` get. */
export const defaultEngine = "vllm-async";

/** Every generation. */
export const engines: readonly string[] = [
  ...new Set(Object.values(families).flatMap((generations) => generations.map((entry) => entry.id))),
];

/**
 * The generation of an engine's version; an unknown version counts as the newest, an unknown engine as undefined.
 * `engine` may also name a generation itself.
 */
export function engineGeneration(engine: string, version = ""): string | undefined {
  const name = engine.toLowerCase();
  if (engines.includes(name) && !families[name]) return name;
  const generations = Object.hasOwn(families, name) ? families[name] : undefined;
  if (!generations) return undefined;
  const numbers = /(\d+)(?:\.(\d+))?/.exec(version);
  if (!numbers) return generations[0]!.id;
  const wanted = [Number(numbers[1]), Number(numbers[2] ?? 0)];
  return generations.find((entry) => atLeast(wanted, entry.from))?.id ?? generations.at(-1)!.id;
}

/** The generation, or an InputError that lists them. */
export function requireEngine(engine: string): string {
  const found = engineGeneration(engine);
  if (!found) throw new InputError("engine", engine, `one of ${engines.join(", ")}`);
  return found;
}

function atLeast(version: readonly number[], from: readonly number[]): boolean {
  for (let i = 0; i < from.length; i++) {
    if ((version[i] ?? 0) > from[i]!) return true;
    if ((version[i] ?? 0) < from[i]!) return false;
  }
  return true;
}
