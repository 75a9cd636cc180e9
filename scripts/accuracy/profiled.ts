/** Kernel efficiencies measured on one GPU, in place of those fitted over its whole family, where a profile of it exists. */
import profiles from "../../tests/accuracy/profiles.json" with { type: "json" };
import { resolveServer } from "../../src/engine/resolve.ts";
import type { Server } from "../../src/engine/server.ts";
import {
  computeClass,
  computeEngine,
  formatClass,
  weightsEngine,
  type RooflineParameters,
} from "../../src/engine/step/roofline.ts";
import type { ProfiledGpu } from "../fit-profiles.ts";

/**
 * The set with the kernels of the server's GPU as profiled. A profile is of the engine's own kernels, so the factors by which engines
 * differ become 1. Host constants stay. Without a profile, the set as it is.
 */
export function withProfile(set: RooflineParameters, server: Server): RooflineParameters {
  const resolved = resolveServer(server);
  const { gpu, engine } = resolved;
  const weights = formatClass(resolved);
  const profile = (profiles as Readonly<Record<string, ProfiledGpu>>)[gpu.id];
  if (!profile) return set;
  const arch = gpu.architecture ?? "default";
  const { source } = profile;
  const entry = (value: number): RooflineParameters["values"][string] => ({ value, low: value, high: value, source });
  const values: Record<string, RooflineParameters["values"][string]> = { ...set.values };
  for (const name of ["compute", "weights", "kv", "attention"] as const) {
    values[`${name}.${name === "compute" ? computeClass(resolved) : arch}`] = entry(profile[name]);
    const by = name === "weights" ? weightsEngine(resolved) : name === "compute" ? computeEngine(resolved) : engine;
    values[`${name}.engine.${by}`] = entry(1);
  }
  // Profiles are in bf16: other formats keep their factor relative to it.
  const factor = (group: string, format: string): number =>
    (set.values[`${group}.format.${format}`] ?? set.values[`${group}.format.default`])?.value ?? 1;
  for (const group of ["compute", "weights"]) {
    values[`${group}.format.${weights}`] = entry(factor(group, weights) / factor(group, "bf16"));
  }
  values["compute.half.default"] = entry(profile["compute.half"]);
  values["traffic.default"] = entry(profile.traffic);
  values["layer.default"] = values[`layer.${engine}`] = entry(profile.layer);
  return { ...set, name: `${set.name}, kernels of ${gpu.id}`, values };
}
