/** Models by catalogue id, by an alias of it, or from a Hugging Face config.json. */
import { InputError } from "../errors.ts";
import { shapeOfConfig } from "./huggingface.ts";
import records from "./models.json" with { type: "json" };
import { nearest, suchAs } from "../nearest.ts";
import { modelOf, type ModelShape } from "./shape.ts";
import type { HuggingFaceConfig, Model } from "./types.ts";
import { checkSoundNumbers } from "./sound-numbers.ts";

const shapes = records as unknown as readonly (ModelShape & { readonly aliases: readonly string[] })[];

/** Every model of the catalogue. */
export const models: readonly Model[] = shapes.map((shape) => Object.freeze(modelOf(shape)));

const byName = new Map<string, Model>();
shapes.forEach((shape, i) => {
  for (const alias of shape.aliases) byName.set(alias.toLowerCase(), models[i]!);
});
models.forEach((entry) => byName.set(entry.id.toLowerCase(), entry));

/**
 * A model by id (`llama-3.1-8b`), by the name of a checkpoint (`meta-llama/Llama-3.1-8B`, in any case), or from a parsed Hugging Face
 * `config.json`; a Model is given back as it is, its numbers checked. Throws InputError on an unknown id, naming the nearest ones, on a field of the
 * config that changes the answer and is not understood, or on an impossible shape.
 */
export function model(id: string | Model | HuggingFaceConfig): Model {
  if (typeof id === "object" && id !== null && !Array.isArray(id)) {
    if (!isModel(id)) return modelOfConfig(id);
    if (!made.has(id)) checkSoundNumbers("model", id);
    return id;
  }
  const found = typeof id === "string" ? byName.get(id.trim().toLowerCase()) : undefined;
  if (!found) throw new InputError("model", id, suchAs("an id of the catalogue, or a config.json", namesNear(id)));
  return found;
}

/** Models that came from here. */
const made = new WeakSet<Model>(models);

/** The same config gives the same Model, so that a server can be resolved again and again. */
const read = new WeakMap<HuggingFaceConfig, Model>();

function modelOfConfig(config: HuggingFaceConfig): Model {
  const known = read.get(config);
  if (known) return known;
  const found = Object.freeze(modelOf(shapeOfConfig(config)));
  made.add(found);
  read.set(config, found);
  return found;
}

function isModel(value: Model | HuggingFaceConfig): value is Model {
  return Array.isArray(value["attention" as keyof typeof value]) && typeof value.parts === "object";
}

/** Ids whose own name, or that of one of their checkpoints, is close. */
function namesNear(id: unknown): string[] {
  if (typeof id !== "string") return [];
  const near = nearest(id, [...byName.keys()], 12).map((name) => byName.get(name)!.id);
  return [...new Set(near)].slice(0, 3);
}
