/** A server whose constants are known: the fitted set, changed. */
import { parameters } from "../../../src/engine/step/parameters.ts";
import type { RooflineParameters } from "../../../src/engine/step/roofline.ts";

const names = {
  compute: "hopper",
  weights: "hopper",
  kv: "hopper",
  step: "vllm-v1",
  sequence: "vllm-v1",
  ingress: "vllm-v1",
} as const;

/** The fitted set with these constants of an H100 under vLLM multiplied. */
export function truthOf(factors: Readonly<Record<keyof typeof names, number>>): RooflineParameters {
  const { fitted } = parameters;
  const values = { ...fitted.values };
  for (const [group, factor] of Object.entries(factors)) {
    const name = `${group}.${names[group as keyof typeof names]}`;
    values[name] = { ...values[name]!, value: values[name]!.value * factor };
  }
  return { ...fitted, name: "truth", values };
}
