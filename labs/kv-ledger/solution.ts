import { chart, param } from "perflab";
import { configs, type Config } from "./configs.ts";

/** Numbers that one layer caches for one token: its K and its V. */
export function numbersPerLayer(config: Config): number {
  if (config.mla !== undefined) return config.mla.latent + config.mla.rope; // K and V are rebuilt from these
  return 2 * config.kvHeads * config.headDim;
}

/** Bytes that one more token adds once every window is full. `bytes`: of one number, 2 for bf16. */
export function bytesPerToken(config: Config, bytes: number): number {
  const growing = config.layers - (config.window?.layers ?? 0);
  return growing * numbersPerLayer(config) * bytes;
}

/** Bytes that a chat of so many tokens holds. */
export function cacheBytes(config: Config, context: number, bytes: number): number {
  const { layers, tokens } = config.window ?? { layers: 0, tokens: 0 };
  const windowed = layers * Math.min(context, tokens) * numbersPerLayer(config) * bytes;
  return context * bytesPerToken(config, bytes) + windowed;
}

const bytes = param<string>("dtype") === "fp8" ? 1 : 2;
const context = param("context");
// Yours to add to: a model of your own, from its config.json.
const models: readonly Config[] = [...configs];

const ranked = models
  .map((config) => ({ name: config.name, kib: bytesPerToken(config, bytes) / 1024 }))
  .sort((a, b) => b.kib - a.kib);
chart.bars({
  title: "What one more token of a long chat adds to the cache",
  y: { label: "KV cache", unit: "KiB" },
  categories: ranked.map(({ name }) => name),
  series: [{ name: "per token", values: ranked.map(({ kib }) => kib) }],
});
const drawn = ["Llama-2-7B", "Llama-3.1-8B", "Llama-3.1-70B", "DeepSeek-V3", "gpt-oss-120b"];
chart.line({
  title: "The cache of one chat as it grows",
  x: { label: "Context", unit: "tokens", scale: "log" },
  y: { label: "KV cache", unit: "GiB", scale: "log" },
  series: models
    .filter(({ name }) => drawn.includes(name))
    .map((config) => ({
      name: config.name,
      points: [32, 64, 128, 256, 1024, 4096, 16384, 65536, 131072].map((x) => ({
        x,
        y: cacheBytes(config, x, bytes) / 2 ** 30,
      })),
    })),
});
chart.table({
  title: `One chat of ${context} tokens`,
  columns: ["Model", "Bytes per token", "Cache, GiB", "Chats in 55 GB"],
  rows: models.map((config) => {
    const cache = cacheBytes(config, context, bytes);
    return [config.name, bytesPerToken(config, bytes), Number((cache / 2 ** 30).toFixed(3)), Math.floor(55e9 / cache)];
  }),
});

const deepseek = configs.find(({ name }) => name === "DeepSeek-V3")!;
export const deepseekKiB = bytesPerToken(deepseek, bytes) / 1024;
