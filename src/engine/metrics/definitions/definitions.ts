/** Every tool's definitions by name. Source of the rules: the tools' own code, read in 2025–26; see each file. */
import { InputError } from "../../errors.ts";
import type { Definition } from "../types.ts";
import { aiperf } from "./aiperf.ts";
import { guidellm } from "./guidellm.ts";
import { inferencePerf } from "./inference-perf.ts";
import { mlperf } from "./mlperf.ts";
import { perflab } from "./perflab.ts";
import { sglang } from "./sglang.ts";
import type { DefinitionRules } from "./types.ts";
import { vllm } from "./vllm.ts";

const rules: Readonly<Record<Definition, DefinitionRules>> = {
  perflab,
  vllm,
  sglang,
  aiperf,
  guidellm,
  "inference-perf": inferencePerf,
  mlperf,
};

export const definitions = Object.keys(rules) as readonly Definition[];

/** The rules of a tool; InputError for an unknown one. */
export function rulesOf(name: Definition): DefinitionRules {
  if (typeof name !== "string" || !Object.hasOwn(rules, name))
    throw new InputError("definition", name, `one of ${definitions.join(", ")}`);
  return rules[name];
}
