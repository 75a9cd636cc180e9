/** Plans to begin with, in one click. The loads are made up. */
import type { FieldName } from "./fields.ts";

export interface Example {
  readonly id: string;
  readonly title: string;
  /** What it shows. */
  readonly shows: string;
  readonly typed: Readonly<Partial<Record<FieldName, string>>>;
}

export const examples: readonly Example[] = [
  {
    id: "support",
    title: "Support chat",
    shows: "a small model on one GPU against a cheap API, in office hours",
    typed: {
      inKind: "percentiles",
      in: "1800",
      in2: "4000",
      outKind: "lognormal",
      out: "250",
      out2: "0.7",
      prefix: "60",
      calls: "100000",
      curve: "office",
      ttft: "800",
      tpot: "40",
    },
  },
  {
    id: "rag",
    title: "Answers from documents",
    shows: "long prompts and a large model, where GPUs pay off sooner or later",
    typed: {
      inKind: "lognormal",
      in: "6000",
      in2: "0.5",
      out: "300",
      prefix: "15",
      groups: "4",
      calls: "150000",
      curve: "evening",
      ttft: "2000",
      tpot: "60",
      api: "claude-sonnet-5",
      model: "llama-3.3-70b",
      weights: "fp8",
      gpu: "h100-sxm-80",
      gpus: "16",
      tp: "4",
    },
  },
  {
    id: "agent",
    title: "Coding agent",
    shows: "prompts that are mostly cached, hidden reasoning, and an API whose price follows the clock",
    typed: {
      inKind: "lognormal",
      in: "24000",
      in2: "0.6",
      out: "500",
      reasoning: "700",
      prefix: "85",
      groups: "20",
      calls: "40000",
      curve: "office",
      zone: "8",
      ttft: "3000",
      tpot: "50",
      api: "deepseek-v4-flash",
      model: "gpt-oss-120b",
      gpu: "h200-sxm-141",
      gpus: "4",
      tp: "2",
    },
  },
  {
    id: "batch",
    title: "Nightly batch",
    shows: "nobody waits: the batch discount against GPUs that are rented for six hours",
    typed: {
      in: "1200",
      out: "80",
      prefix: "40",
      calls: "2M",
      curve: "night",
      tier: "batch",
      api: "gemini-3.5-flash-lite",
      model: "qwen3-8b",
      weights: "fp8",
      gpu: "l40s",
      gpus: "8",
      bill: "hourly",
    },
  },
];
