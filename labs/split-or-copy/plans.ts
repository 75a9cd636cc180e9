/** Three ways to serve a 70B model in fp8 on eight H100s, and what a step costs each GPU before the GPUs talk. Nothing to change here. */
import { decodeStep } from "perflab";

/** So many copies of the model, each split over `tp` GPUs. */
export interface Plan {
  readonly name: string;
  readonly tp: number;
  readonly copies: number;
}

export const plans: readonly Plan[] = [
  { name: "one group of 8", tp: 8, copies: 1 },
  { name: "two groups of 4", tp: 4, copies: 2 },
  { name: "four groups of 2", tp: 2, copies: 4 },
];

/** Llama-3.1-70B: layers, and numbers that a token has between them, of 2 bytes each. */
export const model = { layers: 80, hidden: 8192, bytes: 2 };
/** Seconds that one all-reduce takes however little it carries. */
export const startUp = 8e-6;
/** Bytes a second that a GPU can send to the others of its group. */
export const links = { NVLink: 450e9, "PCIe 5": 64e9, "PCIe 4": 32e9 };
export type Link = keyof typeof links;

const known = new Map<string, number>();

/** Seconds in which each GPU of a group reads its part of weights and caches and computes, for `batch` sequences of short context. */
export function working(tp: number, batch: number): number {
  const key = `${tp} ${batch}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const server = {
    model: "llama-3.1-70b",
    gpu: "h100-sxm-80",
    weights: "fp8",
    tensorParallel: tp,
    parameters: "course-tp-v1",
  } as const;
  const { seconds, parts } = decodeStep(server, { batch, context: 64 });
  known.set(key, seconds - parts.communication);
  return seconds - parts.communication;
}
