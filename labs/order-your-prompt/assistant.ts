/** An assistant whose prompts are put together from parts, and a server that keeps the blocks of what it has read. */
import { poisson, script, expand, fixed, simulate, type Run } from "perflab";
import { createWords, type Json } from "./words.ts";

/** What one call of the assistant is made of. */
export interface Parts {
  /** To the second, so different in each call. */
  readonly time: string;
  /** The same for everybody. */
  readonly system: string;
  /** The same tools for everybody; in which order their keys come is up to the program that sent them. */
  readonly tools: Json;
  /** One of twelve, so the same for some. */
  readonly document: string;
  /** What this person asks. */
  readonly question: string;
}

/** Tokens of a block, which is found as a whole or not at all. */
export const block = 16;
const documents = 12;
const calls = 180;

/** A text as the server's tokens. Ours has one for each word, bracket and mark. */
export function tokens(text: string): string[] {
  return text.match(/\w+|[^\w\s]/g) ?? [];
}

/** The calls of some minutes. */
export function traffic(seed: number, count = calls): Parts[] {
  const words = createWords(seed);
  const system = words.text(400);
  const shelf = Array.from({ length: documents }, () => words.text(1200));
  const descriptions = Array.from(
    { length: 8 },
    () => [words.text(1), words.text(30), words.text(1), words.text(1)] as const,
  );
  return Array.from({ length: count }, (_, call) => {
    const tools = descriptions.map(([name, description, a, b]) =>
      words.shuffled({ name, description, parameters: words.shuffled({ [`x${a}`]: "string", [`y${b}`]: "number" }) }),
    );
    const at = 36_000 + 7 * call;
    const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
    return {
      time: `It is ${two(at / 3600)}:${two((at / 60) % 60)}:${two(at % 60)}, call ${(seed % 97) * 1000 + call}.`,
      system,
      tools,
      document: shelf[words.below(documents)] ?? "",
      question: words.text(20 + words.below(30)),
    };
  });
}

/** Serves prompts in this order, a handful a second. Equal beginnings are found again, block by block. */
export function serve(prompts: readonly (readonly string[])[]): Run {
  const arrivals = expand({
    arrivals: poisson(4),
    prompt: fixed(1),
    output: fixed(1),
    requests: prompts.length,
    seed: 1,
  });
  return simulate(
    { model: "llama-3.1-8b", gpu: "h100-sxm-80" },
    script(
      prompts.map((prompt, i) => ({
        at: arrivals[i]?.at ?? 0,
        prompt: Array.from({ length: Math.ceil(prompt.length / block) }, (_, k) => {
          const piece = prompt.slice(k * block, (k + 1) * block);
          return { id: piece.join(" "), tokens: piece.length };
        }),
        output: 20,
      })),
    ),
  );
}

/** Share of the prompt tokens that a run found in its cache, 0 to 1. */
export function foundShare({ requests }: Run): number {
  const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
  return sum(requests.cachedTokens) / sum(requests.promptTokens);
}
