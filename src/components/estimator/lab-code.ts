/** A plan and its bill as a program of the workspace. */
import { HOURS_PER_MONTH } from "../../engine/month.ts";
import type { Answer } from "./answer.ts";
import type { ApiAnswer } from "./api-answer.ts";
import { ratesOf, type ApiPlan, type Load, type Objective, type OwnPlan } from "./plan.ts";
import { workloadOf } from "./workload.ts";

const REQUESTS = 1000;

/** `config`: the text of the config.json that the model was read from, where it was. */
export function labCode({ plan: { load, objective, api, own }, api: told }: Answer, config = ""): string {
  const promised = Object.keys(objective.slo).length > 0;
  const names = [
    ...(api ? ["apiCost", ...(isTyped(api) ? [] : ["price"])] : []),
    ...(own ? ["chart", ...(promised ? ["goodput"] : []), "memoryBudget", "simulate", "summarize"] : []),
  ].sort();
  const parts = [
    `import { ${names.join(", ")} } from "perflab";\n`,
    "// From the cost and latency estimator. Everything here is simulated or calculated.\n",
    ...(own ? [ownCode(own, load, config), simulationCode(objective, promised)] : []),
    ...(api && told ? [apiCode(api, told, load)] : []),
  ];
  return parts.join("\n");
}

function ownCode(plan: OwnPlan, load: Load, config: string): string {
  const { model: _, ...rest } = plan.server;
  const model = config === "" ? plan.model.id : (JSON.parse(config) as object);
  const { replicas, scheduler } = plan.resolved;
  const longest = scheduler.maxModelLen ?? plan.model.maxContext;
  const workload = workloadOf(load, longest, ratesOf(load).peak, REQUESTS * replicas, 1);
  return `const server = ${json({ model, ...rest })};
/** The busiest hour. */
const workload = ${json(workload)};

const memory = memoryBudget(server);
console.log("KV cache holds", memory.cacheTokens, "tokens a replica");
const usdPerMonth = ${plan.gpus} * ${plan.usdPerHour} * ${plan.operations} * ${HOURS_PER_MONTH};
console.log("own GPUs around the clock: $" + usdPerMonth.toFixed(0), "a month");
`;
}

function simulationCode({ slo }: Objective, promised: boolean): string {
  const promise = `console.log("promise kept by", goodput(run, ${JSON.stringify(slo)}, { window: "steady" }).attainment, "of requests");\n`;
  return `const run = simulate(server, workload);
const seen = summarize(run, { window: "steady" });
for (const q of [50, 95, 99])
  console.log(\`p\${q}: TTFT \${seen.ttft.p(q).toFixed(3)} s, TPOT \${(1000 * seen.tpot.p(q)).toFixed(1)} ms, E2E \${seen.e2e.p(q).toFixed(2)} s\`);
${promised ? promise : ""}chart.ecdf({
  title: "E2E in the busiest hour",
  x: { label: "E2E", unit: "s" },
  samples: [{ name: "simulated", values: seen.e2e.values ?? [] }],
});
`;
}

function apiCode(plan: ApiPlan, { tokens, dearFactor, aboveTier }: ApiAnswer, load: Load): string {
  const { source: _, date: __, flag: ___, ...figures } = plan.price;
  const price = isTyped(plan) ? json(figures) : `price(${JSON.stringify(figures.id)}, ${JSON.stringify(plan.on)})`;
  const { input, cached, written: cacheWrite, output } = tokens;
  const billed = JSON.stringify({ input, cached, cacheWrite, output });
  const tier = `// Billed at the mean prompt; the page bills each length: ${(100 * aboveTier).toFixed(1)} % of them cost the long-context price.\n`;
  const dear = `// The mean over the day: some hours cost more.\nconst usd = bill.total * ${dearFactor};`;
  return `${aboveTier > 0 && aboveTier < 1 ? tier : ""}const bill = apiCost(${price}, ${billed}, { batch: ${plan.discounted} });
${dearFactor > 1 ? dear : "const usd = bill.total;"}
console.log("API: $" + usd, "a request, $" + (usd * ${load.callsPerDay} * ${HOURS_PER_MONTH / 24}).toFixed(0), "a month");
`;
}

function isTyped({ price }: ApiPlan): boolean {
  return price.source === "typed by you";
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
