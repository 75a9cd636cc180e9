/** Configurations that show something, one click away. */
import type { Values } from "./knobs.ts";

export interface Example {
  readonly id: string;
  readonly title: string;
  /** What to look at. */
  readonly shows: string;
  readonly values: Values;
  readonly held: readonly Values[];
}

const stalls: Values = { prompt: "6000", output: "150", rate: "3", "prompt-sigma": "0.5" };
const tight: Values = { arrivals: "closed", users: "400", prompt: "2000", output: "400", gpu: "l40s" };
const shared: Values = { prompt: "300", prefix: "3000", rate: "20" };

export const examples: readonly Example[] = [
  {
    id: "overload",
    title: "Too many requests",
    shows: "above its capacity a server’s queue, and every TTFT, grows as long as the load lasts",
    values: { rate: "45" },
    held: [{ rate: "15" }],
  },
  {
    id: "stalls",
    title: "Long prompts stall readers",
    shows: "a smaller token budget a step makes gaps shorter and first tokens later",
    values: { ...stalls, budget: "512" },
    held: [stalls],
  },
  {
    id: "kv",
    title: "Does an FP8 cache pay?",
    shows: "half the bytes a token, twice the sequences at once, fewer preemptions",
    values: { ...tight, kv: "fp8" },
    held: [tight],
  },
  {
    id: "prefix",
    title: "A shared prefix",
    shows: "what prefix caching saves when all prompts begin alike",
    values: shared,
    held: [{ ...shared, "prefix-caching": "no" }],
  },
  {
    id: "azure",
    title: "Azure’s coding traffic",
    shows: "recorded arrivals and lengths, replayed twice as fast on one GPU and on two replicas",
    values: { arrivals: "azure-code-2023", speed: "2", requests: "1000", replicas: "2" },
    held: [{ arrivals: "azure-code-2023", speed: "2", requests: "1000" }],
  },
];
