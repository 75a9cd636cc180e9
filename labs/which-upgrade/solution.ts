import { chart, decodeStep, gpu, model, param, prefillStep, type Server } from "perflab";
import { measured, type Measured } from "./measured.ts";

const on = (gpuId: string): Server => ({ model: "llama-3-8b", gpu: gpuId, weights: "fp16", parameters: "ideal" });

/** What the datasheet lets one request take, in seconds. */
export function request(gpuId: string, promptTokens: number, outputTokens: number) {
  const reading = prefillStep(on(gpuId), { tokens: promptTokens }).seconds;
  const context = promptTokens + outputTokens / 2; // half-way through the answer
  const writing = (outputTokens - 1) * decodeStep(on(gpuId), { batch: 1, context }).seconds;
  return { reading, writing, seconds: reading + writing };
}

/** How many times as fast the same request is on the new GPU. */
export function speedup(oldGpu: string, newGpu: string, promptTokens: number, outputTokens: number): number {
  const before = request(oldGpu, promptTokens, outputTokens).seconds;
  const after = request(newGpu, promptTokens, outputTokens).seconds;
  return before / after;
}

/** Seconds of a request at measured speeds instead. */
export function measuredSeconds({ reading, writing }: Measured, promptTokens: number, outputTokens: number): number {
  return promptTokens / reading + (outputTokens - 1) / writing;
}

/** Of the measured GPUs, the one that answers this request soonest. */
export function quickest(gpus: readonly Measured[], promptTokens: number, outputTokens: number): string {
  const sorted = gpus.toSorted(
    (a, b) => measuredSeconds(a, promptTokens, outputTokens) - measuredSeconds(b, promptTokens, outputTokens),
  );
  return sorted[0].gpu;
}

const oldGpu = "rtx-3090";
const newGpu = param<string>("newGpu");
const prompt = param("prompt");
const output = param("output");

const flopsRatio = gpu(newGpu).peakFlops.fp16! / gpu(oldGpu).peakFlops.fp16!;
const bandwidthRatio = gpu(newGpu).hbmBandwidth / gpu(oldGpu).hbmBandwidth;
console.log(
  `${gpu(newGpu).name} ÷ ${gpu(oldGpu).name}: ${flopsRatio.toFixed(2)} × the FLOP/s, ${bandwidthRatio.toFixed(2)} × the bandwidth.`,
);

const outputs = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048];
chart.line({
  title: "What the upgrade gains, by the length of the answer",
  x: { label: "Output tokens", scale: "log" },
  y: { label: "Old time ÷ new time" },
  series: [
    {
      name: `a prompt of ${prompt} tokens`,
      points: outputs.map((x) => ({ x, y: speedup(oldGpu, newGpu, prompt, x) })),
    },
  ],
  marks: [
    { y: flopsRatio, label: "FLOP/s" },
    { y: bandwidthRatio, label: "bandwidth" },
  ],
});

const weightBytes = 2 * model("llama-3-8b").parameters; // read for every token
const base = measured.find((row) => row.gpu === oldGpu)!;
chart.scatter({
  title: "Speed-up over the 3090: measured against the datasheet",
  x: { label: "Ratio on the datasheet", scale: "log" },
  y: { label: "Ratio measured", scale: "log" },
  series: [
    {
      name: "reading, over FLOP/s",
      points: measured.map((row) => ({
        x: gpu(row.gpu).peakFlops.fp16! / gpu(oldGpu).peakFlops.fp16!,
        y: row.reading / base.reading,
        label: gpu(row.gpu).name,
      })),
    },
    {
      name: "writing, over bandwidth",
      points: measured.map((row) => ({
        x: gpu(row.gpu).hbmBandwidth / gpu(oldGpu).hbmBandwidth,
        y: row.writing / base.writing,
        label: gpu(row.gpu).name,
      })),
    },
  ],
});

chart.table({
  title: `${prompt} tokens in, ${output} out`,
  columns: ["GPU", "At datasheet speed, s", "As measured, s", "Share of bandwidth reached, %"],
  rows: measured.map((row) => {
    return [
      gpu(row.gpu).name,
      Number(request(row.gpu, prompt, output).seconds.toFixed(2)),
      Number(measuredSeconds(row, prompt, output).toFixed(2)),
      Math.round((100 * weightBytes * row.writing) / gpu(row.gpu).hbmBandwidth),
    ];
  }),
});
console.log(`Quickest, as measured: ${quickest(measured, prompt, output)}.`);

// One token out is prefill alone; 1,024 out of a prompt of one token is decode alone.
export const readingGain = speedup("rtx-3090", "rtx-4090", 1024, 1);
export const writingGain = speedup("rtx-3090", "rtx-4090", 1, 1024);
