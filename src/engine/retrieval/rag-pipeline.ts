/** Retrieval as stages in front of a simulated server: what a user waits for before the first token. */
import { InputError } from "../errors.ts";
import { distribution } from "../metrics/distribution.ts";
import type { Distribution } from "../metrics/types.ts";
import { checkOptions, optionsOf } from "../options.ts";
import { createRandom } from "../random.ts";
import type { Run } from "../run.ts";
import type { Server } from "../server.ts";
import { simulate } from "../simulate/simulate.ts";
import { expand, script } from "../workload/expand.ts";
import { checkLengths, sampler } from "../workload/lengths.ts";
import type { RequestSpec, Workload } from "../workload/types.ts";
import type { RagStage } from "./types.ts";

const stageOptions = optionsOf<RagStage>({
  name: "anything",
  time: "anything",
  candidates: "a number",
  parallelWith: "anything",
  addsPromptTokens: "a number",
});

/**
 * Each request passes the stages in order (those `parallelWith` another start with it, and the slowest counts), then goes to
 * the server with its prompt grown by what they add. In the Run, `scheduled` is when the user asked and `started` when the
 * model was asked: `summarize(run, { from: "scheduled" })` sees the whole pipeline. `stages` has each stage's seconds, then
 * "model" (to its first token) and "total" (from asking to first token), over requests that got an answer.
 * Throws InputError for stages that don't fit together, or a workload whose arrivals depend on answers.
 */
export function ragPipeline(
  stages: readonly RagStage[],
  server: Server,
  workload: Workload,
): { run: Run; stages: Readonly<Record<string, Distribution>> } {
  check(stages);
  const asked = expand(workload);
  const seed = workload.seed ?? 0;
  const draw = stages.map((stage) => timer(stage, seed));
  const added = stages.reduce((sum, stage) => sum + (stage.addsPromptTokens ?? 0), 0);

  const passed = asked.map((request) => {
    const begins = new Map<string, number>();
    const times = draw.map((next) => next());
    let begin = 0;
    let end = 0;
    stages.forEach((stage, s) => {
      begin = stage.parallelWith === undefined ? end : (begins.get(stage.parallelWith) as number);
      begins.set(stage.name, begin);
      end = Math.max(end, begin + times[s]);
    });
    return { request, times, leaves: request.at + end };
  });
  passed.sort((a, b) => a.leaves - b.leaves);
  const calls = passed.map(({ request, leaves }): RequestSpec => ({
    ...request,
    at: leaves,
    prompt: grown(request.prompt, added),
  }));
  const simulated = simulate(server, { ...script(calls), seed });
  const scheduled = Float64Array.from(passed, ({ request }) => request.at);
  const run = { ...simulated, requests: { ...simulated.requests, scheduled } };

  const { first, started, count } = run.requests;
  const answered = Array.from({ length: count }, (_, i) => i).filter((i) => !Number.isNaN(first[i]));
  const columns: Record<string, Distribution> = {};
  stages.forEach((stage, s) => {
    columns[stage.name] = distribution(answered.map((i) => passed[i].times[s]));
  });
  columns["model"] = distribution(answered.map((i) => first[i] - started[i]));
  columns["total"] = distribution(answered.map((i) => first[i] - scheduled[i]));
  return { run, stages: columns };
}

function timer(stage: RagStage, seed: number): () => number {
  const { time, candidates = 1 } = stage;
  const field = `time of stage "${stage.name}"`;
  const next =
    typeof time === "function" ? () => time(candidates) : sampler(time, createRandom(seed, `stage ${stage.name}`));
  return () => {
    const seconds = next();
    if (!(seconds >= 0 && seconds < Infinity)) throw new InputError(field, seconds, "a number of seconds, 0 or more");
    return seconds;
  };
}

function grown(prompt: RequestSpec["prompt"], tokens: number): RequestSpec["prompt"] {
  if (tokens === 0) return prompt;
  // What was retrieved is nobody else's: it ends the shared prefix.
  return typeof prompt === "number" ? prompt + tokens : [...prompt, { id: `retrieved ${prompt.length}`, tokens }];
}

function check(stages: readonly RagStage[]): void {
  if (!Array.isArray(stages)) throw new InputError("stages", stages, "a list of stages");
  const names = new Set<string>();
  stages.forEach((stage: RagStage, s) => {
    checkOptions(`stages[${s}]`, stage, stageOptions);
    const { name, time, parallelWith, addsPromptTokens = 0 } = stage;
    if (typeof time !== "function") checkLengths(`stages[${s}].time`, time);
    if (typeof name !== "string" || !name || name === "model" || name === "total" || names.has(name))
      throw new InputError(`stages[${s}].name`, name, 'a name of its own, not "model" or "total"');
    if (parallelWith !== undefined && !names.has(parallelWith))
      throw new InputError(`stages[${s}].parallelWith`, parallelWith, "the name of a stage before it");
    if (!(Number.isInteger(addsPromptTokens) && addsPromptTokens >= 0))
      throw new InputError(`stages[${s}].addsPromptTokens`, addsPromptTokens, "a whole number, 0 or more");
    names.add(name);
  });
}
