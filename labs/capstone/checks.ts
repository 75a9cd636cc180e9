import { ragPipeline, type RagStage, type Run, type Server, type Workload } from "perflab";
import { check, close, exportedFunction, that, type LabUnderTest } from "perflab/checks";
import { budget, promise, rerankers, traffic, type Plan, type Retrieval } from "./brief.ts";
import { judgeOn, trueStages, trueUsd } from "./judge.ts";
import { planObjection, runObjection } from "./rules.ts";

const rerankerNames = Object.keys(rerankers) as (keyof typeof rerankers)[];
const stagesOf = (lab: LabUnderTest) => exportedFunction<(r: Retrieval) => RagStage[]>(lab, "stages(retrieval)");

function planOf(lab: LabUnderTest): Plan {
  const plan = lab.exports["plan"] as Plan | undefined;
  that(typeof plan?.server === "object" && typeof plan.retrieval === "object", {
    seen: `a plan that is ${typeof plan}`,
    expected: "export const plan: Plan = { server: { … }, retrieval: { … } }",
    why: "The plan is what you ship.",
  });
  return plan;
}

/** Some retrieval that the brief could have; another one for each seed. */
function anyRetrieval(seed: number): Retrieval {
  return {
    ...(seed % 2 === 0 ? { index: "flat" } : { index: "hnsw", ef: 30 + (seed % 40) }),
    candidates: 25 + (seed % 30),
    reranker: rerankerNames[seed % rerankerNames.length],
    chunks: 3 + (seed % 4),
    chunkTokens: 200 + (seed % 300),
  } as Retrieval;
}

/** What passes through the stages before the model is asked, seconds; and the tokens that the prompt grows by. */
function passed(stages: readonly RagStage[]): { seconds: number; tokens: number } {
  const one: Server = { model: "qwen3-14b", gpu: "h100-sxm-80" };
  const { run } = ragPipeline(stages, one, { ...traffic(1, 1) });
  const bare = ragPipeline([], one, { ...traffic(1, 1) }).run;
  return {
    seconds: run.requests.started[0] - run.requests.scheduled[0],
    tokens: run.requests.promptTokens[0] - bare.requests.promptTokens[0],
  };
}

export default [
  check("usdPerMonth counts every GPU that is rented", (lab) => {
    const usdPerMonth = exportedFunction<(plan: Plan) => number>(lab, "usdPerMonth(plan)");
    const { retrieval } = planOf(lab);
    const many = [2, 4, 8];
    for (const server of [
      { model: "qwen3-14b", gpu: "l40s" },
      { model: "qwen3-14b", gpu: "a100-sxm-80", replicas: 2 + (lab.seed % 3) },
      { model: "qwen3-14b", gpu: "h100-sxm-80", tensorParallel: many[lab.seed % 3], replicas: 3 },
      { model: "qwen3-14b", gpu: "h200-sxm-141", tensorParallel: 2, pipelineParallel: 2, replicas: 2 },
    ]) {
      const { tensorParallel = 1, pipelineParallel = 1, replicas = 1 } = server as Server;
      close(usdPerMonth({ server, retrieval }), trueUsd({ server, retrieval }), {
        relative: 1e-6,
        what: `USD a month for ${replicas} × TP ${tensorParallel} × PP ${pipelineParallel} on ${server.gpu}:`,
        why: "Each replica has GPUs of its own, and each of them is tensorParallel × pipelineParallel. They are paid for every hour of the month.",
        hint: "usdPerGpuHour, hoursPerMonth, and three numbers of the server that are 1 where they are not set.",
      });
    }
  }),

  check("stages has all that a user waits for, and all that comes into the prompt", (lab) => {
    const stages = stagesOf(lab);
    const retrieval = anyRetrieval(lab.seed);
    const given = stages(retrieval);
    that(Array.isArray(given), {
      seen: String(given),
      expected: "a list of stages",
      why: "ragPipeline takes them in order.",
    });
    const [mine, right] = [passed(given), passed(trueStages(retrieval))];
    close(mine.tokens, right.tokens, {
      absolute: 0,
      what: `tokens added by ${retrieval.chunks} passages of ${retrieval.chunkTokens}:`,
      why: "Every passage comes into the prompt with the tokens that name its source, and the model reads all of it.",
      hint: "addsPromptTokens of a stage that takes no time.",
    });
    close(mine.seconds, right.seconds, {
      relative: 1e-6,
      what: `seconds before the model is asked, with ${retrieval.candidates} candidates and ${retrieval.reranker}:`,
      why: "A user waits for the embedding, then for every comparison of the search, then for every candidate of the reranker.",
      hint: "The reranker's table says how many pairs it takes a second.",
    });
  }),

  check("serve runs the plan on the traffic it is given, all of it", (lab) => {
    const serve = exportedFunction<(plan: Plan, load: Workload) => Run>(lab, "serve(plan, load)");
    const plan = planOf(lab);
    const load = traffic(2000 + (lab.seed % 100_000), 40);
    const run = serve(plan, load);
    that(typeof run?.requests?.count === "number", {
      seen: String(run),
      expected: "a Run",
      why: "serve returns what became of each request.",
      hint: "ragPipeline(…).run",
    });
    const objection = runObjection(run, plan, stagesOf(lab)(plan.retrieval), load);
    if (objection !== null) that(false, objection);
  }),

  check("The plan ships: allowed, within the budget, and its promises kept on traffic that nobody has seen", (lab) => {
    const plan = planOf(lab);
    const objection = planObjection(plan);
    if (objection !== null) that(false, objection);
    const usd = trueUsd(plan);
    that(usd <= budget, {
      seen: `$${Math.round(usd)} a month`,
      expected: `$${budget} at most`,
      why: "What is over the budget is not shipped, however fast it is.",
      hint: "Fewer bytes and FLOPs a token make fewer GPUs: look at the model and the format of its weights first.",
    });
    const seeds = [0, 1].map((k) => 3000 + ((lab.seed + 7 * k) % 100_000));
    const { kept, ttftP99, tpotP99, points } = judgeOn(plan, seeds, 120);
    const late = ttftP99 > promise.ttft;
    that(kept >= promise.kept, {
      seen: `${(100 * kept).toFixed(1)} % of the requests kept both promises; TTFT p99 ${Math.round(1000 * ttftP99)} ms, TPOT p99 ${(1000 * tpotP99).toFixed(1)} ms`,
      expected: `${100 * promise.kept} % or more within ${1000 * promise.ttft} ms and ${1000 * promise.tpot} ms`,
      why: late
        ? "First tokens come too late: the server has more prompt to read than it can, or the way to it is too long."
        : "Tokens come too slowly: steps are too long for those who are writing.",
      hint: late
        ? "Look at the queue in the timeline, then at what each prompt carries."
        : "Fewer bytes a step (weights, model, more GPUs), or fewer prompt tokens in a step.",
    });
    lab.award(points);
  }),
];
