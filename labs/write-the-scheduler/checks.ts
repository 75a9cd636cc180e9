import {
  InputError,
  script,
  simulate,
  type Policy,
  type Queued,
  type Run,
  type SchedulerState,
  type Server,
  type Workload,
} from "perflab";
import { check, CheckFailure, close, exportedFunction, that } from "perflab/checks";
import { kept, left, newBlocks, server, traffic, waits } from "./traffic.ts";

const with_ = (scheduler: NonNullable<Server["scheduler"]>): Server => ({
  ...server,
  scheduler: { ...server.scheduler, ...scheduler },
});

/** So many requests at once, of lengths that the seed draws. */
function crowd(count: number, seed: number, prompt: number, output: number): Workload {
  return script(
    Array.from({ length: count }, (_, i) => ({
      at: 0,
      prompt: prompt + ((seed + 37 * i) % prompt),
      output: output + ((seed + 11 * i) % output),
    })),
  );
}

/** Runs the learner's policy with `audit` looking at every plan, and says what the engine refused. */
function watched(
  pick: Policy,
  on: Server,
  workload: Workload,
  audit: (state: SchedulerState, plan: Plan) => void,
): Run {
  let run: Run;
  try {
    run = simulate(on, workload, {
      policy: (state) => {
        const plan = pick(state);
        const { decode, prefill, preempt = [] } = plan ?? {};
        if (Array.isArray(decode) && Array.isArray(prefill) && Array.isArray(preempt))
          audit(state, { decode, prefill, preempt });
        return plan;
      },
    });
  } catch (error) {
    if (error instanceof CheckFailure || !(error instanceof InputError)) throw error;
    throw new CheckFailure(
      `at a step the server refused the plan: ${error.message}`,
      "plans that a server can carry out",
      "A real engine would crash or corrupt a neighbour's cache.",
    );
  }
  that(run.ended === undefined, {
    seen: run.ended?.message ?? "",
    expected: "an answer for everyone",
    why: "Your scheduler planned nothing while requests were there, and nothing else will ever wake it.",
    hint: "Who may run if everybody else gave way?",
  });
  return run;
}

interface Plan {
  readonly decode: readonly number[];
  readonly prefill: readonly { request: number; tokens: number }[];
  readonly preempt: readonly number[];
}

const tokensOf = ({ decode, prefill }: Plan) => decode.length + prefill.reduce((sum, { tokens }) => sum + tokens, 0);
const writes = (q: Queued) => q.generated > 0 && left(q) === 1;

function seatsOf({ running }: SchedulerState, { prefill, preempt }: Plan): number {
  const joins = prefill.filter(({ request }) => !running.some((q) => q.request === request));
  return running.length - preempt.length + joins.length;
}

/** Blocks that a plan takes beyond those that are free or given back. */
function blocksOver({ running, waiting, freeBlocks, blockSize }: SchedulerState, plan: Plan): number {
  const of = (request: number) => [...running, ...waiting].find((q) => q.request === request);
  const needs = (request: number, n: number) => {
    const q = of(request);
    return q === undefined ? 0 : newBlocks(q, n, blockSize);
  };
  const given = plan.preempt.reduce((sum, request) => sum + (of(request)?.blocks ?? 0), 0);
  const taken =
    plan.decode.reduce((sum, request) => sum + needs(request, 1), 0) +
    plan.prefill.reduce((sum, { request, tokens }) => sum + needs(request, tokens), 0);
  return taken - freeBlocks - given;
}

export default [
  check("Token budget: no step computes more than its tokens", (lab) => {
    const pick = exportedFunction<Policy>(lab, "pick(state)");
    const budget = 48 + (lab.seed % 32);
    watched(
      pick,
      with_({ maxNumBatchedTokens: budget, maxNumSeqs: budget, numGpuBlocks: 20_000 }),
      crowd(90, lab.seed, 100, 20),
      (state, plan) => {
        const asked = tokensOf(plan);
        that(asked <= state.tokenBudget, {
          seen: `a step of ${asked} tokens`,
          expected: `at most ${state.tokenBudget}`,
          why: "The budget is for all of a step, decodes and prompts together.",
          hint: "Count tokens down as you hand them out, and give nobody more than what is left.",
        });
      },
    );
  }),

  check("Max sequences: no more run at once than there are seats", (lab) => {
    const pick = exportedFunction<Policy>(lab, "pick(state)");
    const seats = 3 + (lab.seed % 6);
    let most = 0;
    watched(pick, with_({ maxNumSeqs: seats, numGpuBlocks: 20_000 }), crowd(40, lab.seed, 150, 25), (state, plan) => {
      const taken = seatsOf(state, plan);
      most = Math.max(most, taken);
      that(taken <= state.maxNumSeqs, {
        seen: `${taken} running`,
        expected: `at most ${state.maxNumSeqs}, which is maxNumSeqs`,
        why: "Each running request has a row in the engine's buffers, and there are no more rows.",
        hint: "stays.length says how many run.",
      });
    });
    that(most === seats, {
      seen: `${most} running at most`,
      expected: `${seats}, with 40 waiting`,
      why: "There were seats, tokens and blocks for more. A seat that stays empty is throughput given away.",
      hint: "Let them join until seats, tokens or blocks run out.",
    });
  }),

  check("Blocks: nobody computes what there is no memory for", (lab) => {
    const pick = exportedFunction<Policy>(lab, "pick(state)");
    const blocks = 110 + (lab.seed % 40);
    const run = watched(
      pick,
      with_({ numGpuBlocks: blocks, maxNumSeqs: 48 }),
      crowd(36, lab.seed, 120, 110),
      (state, plan) => {
        const over = blocksOver(state, plan);
        that(over <= 0, {
          seen: `a plan that takes ${over} KV blocks more than are free`,
          expected: "at most the free blocks, and those that preempted requests give back",
          why: "A token's keys and values must go somewhere.",
          hint: "newBlocks(q, n, blockSize) against what is still free; who joins needs room for all of its text.",
        });
      },
    );
    const most = Math.max(...(run.timeline?.batch ?? [0]));
    that(most > 4, {
      seen: `${most} running at most`,
      expected: "several at once",
      why: "Memory for one whole answer each, set aside beforehand, is static batching again.",
    });
  }),

  check("Preempted order: whoever was admitted last gives way, and goes first when there is room", (lab) => {
    const pick = exportedFunction<Policy>(lab, "pick(state)");
    let gaveWay = 0;
    watched(
      pick,
      with_({ numGpuBlocks: 100 + (lab.seed % 40), maxNumSeqs: 48 }),
      crowd(30, lab.seed, 120, 110),
      (state, plan) => {
        gaveWay += plan.preempt.length;
        const tail = state.running.slice(state.running.length - plan.preempt.length).map((q) => q.request);
        that(
          plan.preempt.every((request) => tail.includes(request)),
          {
            seen: `request ${plan.preempt[0]} gave way, while ${tail.join(", ")} came later`,
            expected: `${tail.join(", ")}`,
            why: "Whoever is nearest to its end would lose most. Take blocks from those who were admitted last.",
            hint: "stays.pop() is the one admitted last.",
          },
        );
        const joins = plan.prefill.some(({ request }) => state.waiting.some((q) => q.request === request));
        that(plan.preempt.length === 0 || !joins, {
          seen: "somebody joined in a step in which somebody gave way",
          expected: "nobody",
          why: "The blocks just taken back would go to a newcomer, and the next step takes them away again.",
          hint: "Return before the waiting line if preempt is not empty.",
        });
      },
    );
    that(gaveWay > 0, {
      seen: "nobody gave way, though the cache is far too small for all",
      expected: "some do",
      why: "How long answers get is not known beforehand. Whoever runs must be able to give blocks back.",
    });
  }),

  check("Decodes: no stream stands still while a prompt is computed", (lab) => {
    const pick = exportedFunction<Policy>(lab, "pick(state)");
    watched(pick, server, { ...traffic(8, lab.seed), requests: 80 }, (state, plan) => {
      const late = state.running.find(
        (q) => writes(q) && !plan.decode.includes(q.request) && !plan.preempt.includes(q.request),
      );
      that(late === undefined || plan.prefill.length === 0, {
        seen: `request ${late?.request} got no token in a step that computed ${tokensOf(plan)} tokens of others' prompts`,
        expected: "a token for everyone who is writing",
        why: "That is a generation stall. A decode costs one token of the budget, and somebody is reading.",
        hint: "Decodes before prompts, and running before waiting.",
      });
    });
  }),

  check("Starving: a document among questions without end is not left waiting", (lab) => {
    const pick = exportedFunction<Policy>(lab, "pick(state)");
    const questions = Array.from({ length: 400 }, (_, k) => ({
      at: k / 10,
      prompt: 300 + ((lab.seed + 37 * k) % 400),
      output: 120,
    }));
    const run = watched(
      pick,
      with_({ maxNumSeqs: 8 }),
      script([...questions, { at: 1, prompt: 16_000, output: 120 }]),
      () => undefined,
    );
    const all = waits(run);
    const document = all[run.requests.promptTokens.indexOf(16_000)] ?? NaN;
    that(document <= 20, {
      seen: `the document waited ${document.toFixed(1)} s, while questions kept coming`,
      expected: "at most 20 s",
      why: "That is starving. Shortest first never comes to the long ones as long as there are short ones.",
      hint: "Let urgency grow with the time waited, now − q.arrived.",
    });
    const longest = Math.max(...all);
    that(longest <= 20, {
      seen: `somebody waited ${longest.toFixed(1)} s`,
      expected: "nobody more than 20 s",
      why: "That is starving: others who came later went first, again and again.",
      hint: "Let urgency grow with the time waited, now − q.arrived.",
    });
  }),

  check("Goodput: a fifth more keep their promise than under vLLM's order, on traffic you have not seen", (lab) => {
    const pick = exportedFunction<Policy>(lab, "pick(state)");
    const loads = [0, 1, 2].map((k) => traffic(9, (lab.seed + 7919 * k) % 1_000_000));
    const share = (runs: readonly Run[]) => runs.reduce((sum, run) => sum + kept(run), 0) / runs.length;
    const own = share(loads.map((load) => watched(pick, server, load, () => undefined)));
    const theirs = share(loads.map((load) => simulate(server, load)));
    that(Math.abs(own - theirs) > 1e-9, {
      seen: `${percent(own)}, just as vLLM`,
      expected: `more than ${percent(1.2 * theirs)}`,
      why: "You have written vLLM's scheduler, rule by rule: first come, first served. Now do better than its order.",
      hint: "A question that stands behind a document waits a second for 500 tokens of its own. Change urgency.",
    });
    that(own > 1.2 * theirs, {
      seen: `${percent(own)} keep TTFT ≤ 1 s and TPOT ≤ 50 ms`,
      expected: `more than ${percent(1.2 * theirs)}, which is a fifth above vLLM's ${percent(theirs)}`,
      why: "Those who would keep their promise with little work go first.",
      hint: "Order the line by the tokens left, less something for each second waited.",
    });
  }),

  check("Urgency: less to compute goes first, and so does whoever waited", (lab) => {
    const urgency = exportedFunction<(q: Queued, now: number) => number>(lab, "urgency(q, now)");
    const q = { request: 0, arrived: 5, computed: 0, generated: 0, blocks: 0, priority: 0 };
    const now = 6 + (lab.seed % 5) / 10;
    const [short, long] = [300 + (lab.seed % 300), 12_000];
    that(urgency({ ...q, prompt: short }, now) < urgency({ ...q, prompt: long }, now), {
      seen: `${short} tokens have an urgency of ${urgency({ ...q, prompt: short }, now)}, ${long} tokens one of ${urgency({ ...q, prompt: long }, now)}`,
      expected: "a lower one for fewer tokens",
      why: "Of two that came together, the one with less to compute goes first.",
    });
    that(urgency({ ...q, prompt: short, arrived: 2 }, now) < urgency({ ...q, prompt: short }, now), {
      seen: "no lower urgency for one that came 3 s earlier",
      expected: "a lower one",
      why: "Of two alike, the one that has waited longer goes first.",
    });
    // Back from preemption: all of its text is to be computed again.
    close(
      Math.sign(
        urgency({ ...q, prompt: short, generated: 0 }, now) - urgency({ ...q, prompt: short, generated: 400 }, now),
      ),
      -1,
      {
        absolute: 0,
        what: "sign of the difference between a fresh request and one that comes back with 400 tokens written:",
        why: "Who was preempted computes its prompt and what it wrote.",
        hint: "left(q), not q.prompt.",
      },
    );
  }),
];

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
