/** Lesson 7: where a box's memory goes, and how many users the rest of it holds. */
import { decodeStep, gpu, gpuPrice, kvBytes, memoryBudget, resolveServer } from "../../../engine/index.ts";
import type { ChartDescription } from "../../../engine/chart/types.ts";
import { bars } from "../../../engine/chart/index.ts";
import type { MemoryBudget } from "../../../engine/estimate/types.ts";
import type { Server } from "../../../engine/server.ts";
import { count, number, usd } from "../../format.ts";
import { kept } from "../kept.ts";
import type { MovingFigure } from "../moving.ts";

const course = { parameters: "course-h100-v1" } as const;

/** Boxes of the lesson, by name: each holds one copy of a model. */
export const boxes = {
  "two-bf16": { model: "llama-3.1-70b", gpu: "h100-sxm-80", tensorParallel: 2, ...course },
  "four-bf16": { model: "llama-3.1-70b", gpu: "h100-sxm-80", tensorParallel: 4, ...course },
  "eight-bf16": { model: "llama-3.1-70b", gpu: "h100-sxm-80", tensorParallel: 8, ...course },
  "one-fp8": { model: "llama-3.1-70b", gpu: "h100-sxm-80", weights: "fp8", ...course },
  "two-fp8": { model: "llama-3.1-70b", gpu: "h100-sxm-80", tensorParallel: 2, weights: "fp8", ...course },
  "two-fp8-fp8": {
    model: "llama-3.1-70b",
    gpu: "h100-sxm-80",
    tensorParallel: 2,
    weights: "fp8",
    kv: "fp8",
    ...course,
  },
  h200: { model: "llama-3.1-70b", gpu: "h200-sxm-141", weights: "fp8", kv: "fp8", ...course },
  "two-h200": {
    model: "llama-3.1-70b",
    gpu: "h200-sxm-141",
    tensorParallel: 2,
    weights: "fp8",
    kv: "fp8",
    ...course,
  },
  b200: { model: "llama-3.1-70b", gpu: "b200-sxm-180", weights: "fp8", kv: "fp8", ...course },
  "8b": { model: "llama-3.1-8b", gpu: "h100-sxm-80", ...course },
  "8b-l4": { model: "llama-3.1-8b", gpu: "l4", parameters: "course-l4-v1" },
} as const satisfies Readonly<Record<string, Server>>;
export type BoxName = keyof typeof boxes;

export const budget = kept((name: BoxName): MemoryBudget => memoryBudget(boxes[name]));

/** Bytes of cache of one token of the model in a box. */
export function perToken(name: BoxName): number {
  const { model, kv } = resolveServer(boxes[name]);
  return kvBytes(model, 1, kv);
}

/** Chats of so many tokens that a box holds. */
export function holds(name: BoxName, context: number): number {
  return budget(name).maxSequences(context);
}

/** USD an hour of a box, by the catalogue's latest price of its GPU. */
export function boxHour(name: BoxName): number {
  return budget(name).gpus * gpuPrice(boxes[name].gpu).usdPerHour;
}

/** Seconds of a decode step in a box, for so many users with so much context each. */
export function pace(name: BoxName, users: number, context: number): number {
  return decodeStep(boxes[name], { batch: users, context }).seconds;
}

/** "bf16", "fp8 weights", or "all fp8" where the cache is fp8 as well. */
function formats(name: BoxName): string {
  const { weights, kv } = resolveServer(boxes[name]);
  if (weights === "bf16") return weights;
  return kv === weights ? `all ${weights}` : `${weights} weights`;
}

/** "2 × H100, all fp8". */
function inWords(name: BoxName): string {
  const { gpus } = budget(name);
  const [short] = gpu(boxes[name].gpu).name.split(" ");
  return `${gpus} × ${short}, ${formats(name)}`;
}

/** What a rule of thumb gives: parameters × bytes × 1.2. */
export function ruleOfThumb(name: BoxName): number {
  return budget(name).weights * 1.2;
}

/** What so many users of so many tokens really take beside the weights' bytes. */
export function withUsers(name: BoxName, users: number, context: number): number {
  return budget(name).weights + users * context * perToken(name);
}

const shown = [
  "two-bf16",
  "four-bf16",
  "one-fp8",
  "two-fp8",
  "two-fp8-fp8",
  "h200",
] as const satisfies readonly BoxName[];

function memoryBars(): ChartDescription {
  const gb = (part: (b: MemoryBudget) => number) => shown.map((name) => part(budget(name)) / 1e9);
  return bars({
    title: "The memory of each box: H100s, and one H200 all in fp8",
    y: { label: "Memory", unit: "GB" },
    categories: shown.map((name) => (name === "h200" ? "H200" : `${budget(name).gpus}, ${formats(name)}`)),
    stacked: true,
    series: [
      { name: "weights", values: gb((b) => b.weights) },
      { name: "room for users", values: gb((b) => b.kv) },
      { name: "2 GB a GPU beside", values: gb((b) => b.runtime) },
      { name: "left alone", values: gb((b) => b.total - b.usable) },
    ],
  });
}

const CONTEXT = 2048;
const CELL = 32;

/** The room of a box as KV blocks, filled with users of 2,048 tokens. */
function usersAsBlocks(name: BoxName): ChartDescription {
  const { blocks } = budget(name);
  const users = holds(name, CONTEXT);
  const each = CONTEXT / 16;
  const owners = Int32Array.from({ length: Math.ceil(blocks / CELL) }, (_, cell) => {
    const owner = Math.floor((cell * CELL) / each);
    return owner < users ? owner : -1;
  });
  return {
    kind: "blocks",
    title: "Its room for users, block by block",
    finding: `${inWords(name)}: ${count(blocks)} blocks of 16 tokens, which hold ${count(users)} chats of ${count(CONTEXT)} tokens.`,
    table: {
      columns: ["box", "blocks", "chats of 2,048 tokens"],
      rows: [[inWords(name), blocks, users]],
    },
    spec: { columns: 64, owners, blocksPerCell: CELL },
  };
}

export function memory(): MovingFigure {
  return {
    title: "A 70B model, six boxes, and whom they hold",
    slider: "Box",
    origin: { kind: "calculated" },
    still: shown.indexOf("four-bf16"),
    play: 1600,
    frames: shown.map((name) => ({
      name,
      at: inWords(name),
      says: `${inWords(name)}: ${number(budget(name).kv / 1e9)} GB are left for caches, so it holds ${count(holds(name, CONTEXT))} chats of ${count(CONTEXT)} tokens.`,
      readings: [
        ["weights", `${number(budget(name).weights / 1e9)} GB`],
        ["room for caches", `${number(budget(name).kv / 1e9)} GB`],
        ["chats of 2,048 tokens", count(holds(name, CONTEXT))],
        ["rent an hour", usd(boxHour(name))],
      ],
      panels: [memoryBars(), usersAsBlocks(name)],
    })),
  };
}
