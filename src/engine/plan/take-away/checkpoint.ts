/** Which files a server loads, and what has to be done to them for the weights to have the format that was asked for. */
import records from "../../catalog/models.json" with { type: "json" };
import type { Dtype, Model } from "../../catalog/types.ts";

interface Checkpoint {
  /** A name on Hugging Face, or a placeholder in capitals. */
  readonly name: string;
  /** The server quantises the weights to FP8 while it loads them. */
  readonly quantise: boolean;
  /** What a reader must do or know. */
  readonly notes: readonly string[];
}

export function checkpointOf(model: Model, weights: Dtype): Checkpoint {
  const own = model.weights ?? "bf16";
  const published = (records as readonly { readonly id: string; readonly aliases: readonly string[] }[])
    .find(({ id }) => id === model.id)
    ?.aliases.find((alias) => alias.includes("/"));
  const name = published ?? "PATH_OR_NAME_OF_THE_MODEL";
  const unnamed =
    published === undefined ? [`Put the path or the Hugging Face name of ${model.name} in its place.`] : [];
  if (weights === own) return { name, quantise: false, notes: unnamed };
  if (weights === "fp8" && (own === "bf16" || own === "fp16"))
    return {
      name,
      quantise: true,
      notes: [
        ...unnamed,
        "The 16-bit weights are quantised to FP8 on loading; a checkpoint made in FP8 loads faster and needs no --quantization.",
      ],
    };
  return {
    name: "NAME_OF_A_QUANTISED_CHECKPOINT",
    quantise: false,
    notes: [
      `Put a checkpoint of ${name} in ${weights} in its place (for w4a16: AWQ or GPTQ), and measure what quantising costs in quality.`,
    ],
  };
}
