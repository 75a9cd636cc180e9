/** Models by catalogue id, by an alias of it, or from a Hugging Face config.json. */
import { InputError } from "../errors.ts";
import { shapeOfConfig } from "./huggingface.ts";
import records from "./models.json" with { type: "json" };
import { nearest } from "./nearest.ts";
import { modelOf, type ModelShape } from "./shape.ts";
import type { HuggingFaceConfig, Model } from "./types.ts";

const shapes = records as unknown as readonly (ModelShape & { readonly aliases: readonly string[] })[];

/** Every model of the catalogue. */
export const models: readonly Model[] = shapes.map((shape) => Object.freeze(modelOf(shape)));

const byName = new Map<string, Model>();
shapes.forEach((shape, i) => {
  for (const alias of shape.aliases) byName.set(alias.toLowerCase(), models[i]!);
});
models.forEach((entry) => byName.set(entry.id, entry));

/**
 * A model by id (`llama-3.1-8b`), by the name of a checkpoint (`meta-llama/Llama-3.1-8B`), or from a parsed
 * Hugging Face `config.json`. Throws InputError on an unknown id, naming the nearest ones, or on an impossible shape.
 */
export function model(id: string | HuggingFaceConfig): Model {
  if (typeof id !== "string") return modelOf(shapeOfConfig(id));
  const found = byName.get(id.toLowerCase());
  if (!found) {
    const near = nearest(
      id,
      models.map((entry) => entry.id),
    );
    throw new InputError("model", id, `an id of the catalogue, such as ${near.join(", ")}`);
  }
  return found;
}
