import { chart, param } from "perflab";
import { cacheRoomOf, machineOf, type Machine } from "./machine.ts";

/** Seconds of one decode step, part by part, on a GPU that reaches its datasheet. */
export function step(m: Machine, batch: number, context: number) {
  const reading = (m.parameters * m.bytesPerWeight) / m.bandwidth; // the weights
  const arithmetic = (2 * m.parameters) / m.flops; // a multiplication and an addition with each of them. For whom?
  const caches = (batch * context * m.kvPerToken) / m.bandwidth;
  // While one part of the weights is multiplied the next one arrives: the longer of the two is what you wait for.
  const seconds = Math.max(reading, arithmetic) + caches;
  return { reading, arithmetic, caches, seconds };
}

/** The smallest batch whose arithmetic takes at least as long as its weights and its caches; Infinity if there is none. */
export function knee(m: Machine, context: number): number {
  return 1; // Yours to write.
}

/** What stops a growing batch first: arithmetic, or `cacheRoom` bytes of memory for the caches? */
export function firstLimit(m: Machine, context: number, cacheRoom: number): "arithmetic" | "memory" {
  return "arithmetic"; // Yours to write.
}

const weights = param<"bf16" | "w8a16">("weights");
const gpuId = param<string>("gpu");
const machine = machineOf(gpuId, weights);
const cacheRoom = cacheRoomOf(gpuId, weights);
const context = param("context");
const batches = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048];

function drawStep(title: string, m: Machine, context: number, marks: { x: number; label: string }[] = []) {
  const part = (name: "reading" | "arithmetic" | "caches" | "seconds", as: string) => ({
    name: as,
    points: batches.map((batch) => ({ x: batch, y: step(m, batch, context)[name] })),
  });
  chart.line({
    title,
    x: { label: "Batch", scale: "log" },
    y: { label: "Time of one step", unit: "s", scale: "log" },
    series: [
      part("reading", "reading weights"),
      part("arithmetic", "arithmetic"),
      part("caches", "reading caches"),
      part("seconds", "the step"),
    ],
    marks,
  });
}

drawStep("One decode step with hardly any context", machineOf("h100-sxm-80", "bf16"), 1);

const mostSequences = Math.floor(cacheRoom / (context * machine.kvPerToken));
const marks = [
  { x: knee(machine, context), label: "knee" },
  { x: mostSequences, label: "memory full" },
].filter(({ x }) => x >= 1 && x <= 2048);
drawStep("One decode step at your settings", machine, context, marks);

chart.line({
  title: "Which limit comes first?",
  x: { label: "Context", unit: "tokens", scale: "log" },
  y: { label: "Batch", scale: "log" },
  series: [
    {
      name: "knee",
      points: [16, 32, 64, 128, 256, 320, 384, 412, 512, 1024]
        .map((x) => ({ x, y: knee(machine, x) }))
        .filter(({ y }) => Number.isFinite(y)),
    },
    {
      name: "memory full",
      points: [16, 64, 256, 1024, 4096, 8192].map((x) => ({ x, y: Math.floor(cacheRoom / (x * machine.kvPerToken)) })),
    },
  ].filter(({ points }) => points.length > 0),
});

console.log(`Knee at ${context} tokens: ${knee(machine, context)} sequences. Memory for ${mostSequences}.`);
console.log(`What stops the batch first: ${firstLimit(machine, context, cacheRoom)}.`);

const h100 = machineOf("h100-sxm-80", "bf16");
console.log(`Knee of an H100 with hardly any context: ${knee(h100, 1)} sequences.`);
let shortest = 1;
while (shortest < 131_072 && knee(h100, shortest) < Infinity) shortest += 1;
export const noKneeFrom = shortest; // tokens
