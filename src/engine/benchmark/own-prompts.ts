/** Prompts that the user brings, instead of words made to a length. Request i says prompt i; after the last comes the first again. */
import type { Plan } from "./plan.ts";

export interface OwnPrompt {
  readonly text: string;
  /** A guess: only the server's own count is one. */
  readonly promptTokens: number;
  /** How long the answer should be; where it is missing, as the workload says. */
  readonly outputTokens?: number;
}

/** The plan with the lengths that the prompts have. */
export function withOwnPrompts(plan: Plan, prompts: readonly OwnPrompt[]): Plan {
  const requests = plan.requests.map((spec, i) => {
    const { promptTokens, outputTokens } = prompts[i % prompts.length]!;
    return { ...spec, prompt: promptTokens, output: outputTokens ?? spec.output };
  });
  return { ...plan, requests };
}
