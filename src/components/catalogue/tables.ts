/** The catalogue as tables: what each column holds, in which unit it is shown, and where the row's figures come from. */
import { catalog } from "../../engine/catalog/catalog.ts";
import { sourceOf } from "../../engine/catalog/source.ts";
import type { ApiPrice, Gpu, GpuPrice, Model } from "../../engine/catalog/types.ts";
import { kvBytes, kvBytesPerToken, memoryBudget } from "../../engine/estimate/memory.ts";
import { count, number, usd } from "../format.ts";

/** Context at which a cache is compared: windows and states of a layer show. */
export const COMPARED_CONTEXT = 32_768;

export interface Cell {
  readonly text: string;
  /** What the column is sorted by; undefined where there is no figure. */
  readonly value: number | string | undefined;
}
export interface CatalogueTable {
  readonly id: string;
  readonly title: string;
  readonly columns: readonly { readonly id: string; readonly title: string; readonly numeric: boolean }[];
  readonly rows: readonly {
    readonly id: string;
    readonly cells: readonly Cell[];
    readonly source: string;
    readonly date: string;
    readonly flag: string | undefined;
  }[];
  /** The same rows for programs: SI units, USD. */
  readonly data: readonly Readonly<Record<string, unknown>>[];
}

interface Column<T> {
  readonly id: string;
  readonly title: string;
  /** In SI; a string for words. */
  readonly of: (entry: T) => number | string | undefined;
  /** How a number is shown; default: three significant digits. */
  readonly show?: (value: number) => string;
  /** The catalogue's field behind it, where its source may have a caveat of its own. */
  readonly field?: (entry: T) => string;
}

const scaled =
  (by: number) =>
  (value: number): string =>
    number(value / by);
const giga = scaled(1e9);
const perMillion = (value: number): string => usd(value * 1e6);

const models: readonly Column<Model>[] = [
  { id: "parameters", title: "parameters, 10⁹", of: ({ parameters }) => parameters, show: giga },
  { id: "activeParameters", title: "active, 10⁹", of: ({ activeParameters }) => activeParameters, show: giga },
  { id: "layers", title: "layers", of: ({ layers }) => layers },
  { id: "attention", title: "attention", of: attentionOf },
  { id: "maxContext", title: "context, tokens", of: ({ maxContext }) => maxContext, show: count },
  { id: "weights", title: "format", of: ({ weights }) => weights ?? "bf16" },
  {
    id: "weightBytes",
    title: "weights, GB",
    of: (model) => memoryBudget({ model, gpu: "h100-sxm-80" }).weights,
    show: giga,
  },
  { id: "kvBytesPerToken", title: "KV a token, kB", of: (model) => kvBytesPerToken(model), show: scaled(1e3) },
  {
    id: "kvBytesAt32k",
    title: "KV of 32,768 tokens, GB",
    of: (model) => (model.maxContext >= COMPARED_CONTEXT ? kvBytes(model, COMPARED_CONTEXT) : undefined),
    show: giga,
  },
];

const half = ({ peakFlops }: Gpu): number | undefined => peakFlops.bf16 ?? peakFlops.fp16;
const halfField = ({ peakFlops }: Gpu): string => (peakFlops.bf16 === undefined ? "fp16" : "bf16");
const gpus: readonly Column<Gpu>[] = [
  { id: "architecture", title: "family", of: ({ architecture }) => architecture },
  { id: "memory", title: "memory, GB", of: ({ memory }) => memory, show: giga, field: () => "memory" },
  {
    id: "hbmBandwidth",
    title: "bandwidth, GB/s",
    of: ({ hbmBandwidth }) => hbmBandwidth,
    show: giga,
    field: () => "hbmBandwidth",
  },
  { id: "flops16", title: "dense 16-bit, TFLOP/s", of: half, show: scaled(1e12), field: halfField },
  {
    id: "flops8",
    title: "dense FP8, TFLOP/s",
    // Chips without FP8 units multiply in 16 bits: no faster, and nothing to list.
    of: (gpu) => ((gpu.peakFlops.fp8 ?? 0) > (half(gpu) ?? Infinity) ? gpu.peakFlops.fp8 : undefined),
    show: scaled(1e12),
    field: () => "fp8",
  },
  {
    id: "ridge",
    title: "ridge, FLOP/byte",
    of: (gpu) => {
      const peak = half(gpu);
      return peak === undefined ? undefined : peak / gpu.hbmBandwidth;
    },
  },
  { id: "linkBytesPerSecond", title: "link, GB/s", of: ({ link }) => link?.bytesPerSecond, show: giga },
  { id: "link", title: "link", of: ({ link }) => link?.name },
];

const prices: readonly Column<ApiPrice>[] = [
  { id: "on", title: "from", of: ({ on }) => on },
  { id: "input", title: "input", of: ({ input }) => input, show: perMillion },
  { id: "cached", title: "cached input", of: ({ cached }) => cached, show: perMillion },
  { id: "cacheWrite", title: "cache write", of: ({ cacheWrite }) => cacheWrite, show: perMillion },
  { id: "output", title: "output", of: ({ output }) => output, show: perMillion },
  { id: "batchDiscount", title: "off in batches", of: (p) => p.batchDiscount, show: (v) => `${number(v * 100)} %` },
];
const gpuPrices: readonly Column<GpuPrice>[] = [
  { id: "on", title: "from", of: ({ on }) => on },
  { id: "usdPerHour", title: "USD an hour", of: ({ usdPerHour }) => usdPerHour, show: usd },
  {
    id: "usdPerTerabyte",
    title: "USD for a TB read",
    of: ({ id, usdPerHour }) => {
      const found = catalog.gpus.find((gpu) => gpu.id === id);
      return found && usdPerHour / 3600 / (found.hbmBandwidth / 1e12);
    },
    show: (value) => usd(value),
  },
];

/** What the layers attend with, the most common first: "full", "window and full", "mla". */
function attentionOf({ attention }: Model): string {
  const layers = new Map<string, number>();
  for (const group of attention) layers.set(group.kind, (layers.get(group.kind) ?? 0) + group.layers);
  return [...layers]
    .sort((a, b) => b[1] - a[1])
    .map(([kind]) => (kind === "mla" ? "MLA" : kind))
    .join(", ");
}

function tableOf<T extends Model | Gpu | ApiPrice | GpuPrice>(
  id: string,
  title: string,
  entries: readonly T[],
  columns: readonly Column<T>[],
  sourced: (entry: T) => string,
): CatalogueTable {
  const facts = entries.map((entry) => {
    const { source, date, flag } = sourceOf(entry, sourced(entry));
    const doubts = columns.flatMap(({ title: of, field, of: value }) => {
      if (!field || value(entry) === undefined) return [];
      const found = sourceOf(entry, field(entry)).flag;
      return found?.includes("not verified") ? [`${of.replace(/,.*/, "")} not verified against a data sheet`] : [];
    });
    const flags = [...new Set([...(flag?.split("; ") ?? []), ...doubts])].filter((each) => !derived.test(each));
    return { source, date, flag: flags.length > 0 ? flags.join("; ") : undefined };
  });
  return {
    id,
    title,
    columns: columns.map((column) => ({
      id: column.id,
      title: column.title,
      numeric: entries.some((entry) => typeof column.of(entry) === "number"),
    })),
    rows: entries.map((entry, i) => ({
      id: entry.id,
      cells: columns.map(({ of, show = number }) => {
        const value = of(entry);
        return { value, text: typeof value === "number" ? show(value) : (value ?? "–") };
      }),
      ...facts[i]!,
    })),
    data: entries.map((entry, i) => ({
      id: entry.id,
      ...("name" in entry && { name: entry.name }),
      ...Object.fromEntries(columns.map(({ id: column, of }) => [column, of(entry) ?? null])),
      ...facts[i]!,
      flag: facts[i]!.flag ?? null,
    })),
  };
}

const derived = /^(computed from the shape|not verified against a data sheet)$/;

export const tables = {
  models: tableOf("models", "Models", catalog.models, models, () => "layers"),
  gpus: tableOf("gpus", "GPUs", catalog.gpus, gpus, () => "memory"),
  prices: tableOf("prices", "Hosted models, USD a million tokens", catalog.prices, prices, () => "input"),
  gpuPrices: tableOf("gpu-prices", "Rented GPUs", catalog.gpuPrices, gpuPrices, () => "usdPerHour"),
} as const;

/** The pages, in the order of the navigation; each has its rows as JSON beside it. */
export const catalogues = [
  {
    kind: "models",
    title: "Models",
    description: "Shape, weights and KV cache of every model that the engine knows.",
    tables: [tables.models],
    units: "Bytes and counts of parameters; KV cache in 16 bits.",
  },
  {
    kind: "gpus",
    title: "GPUs",
    description: "Memory, bandwidth, arithmetic, and the ridge where one becomes the limit instead of the other.",
    tables: [tables.gpus],
    units: "Bytes, bytes a second, FLOP/s without sparsity, all decimal.",
  },
  {
    kind: "prices",
    title: "Prices",
    description: "What hosted models and rented GPUs cost, each with the day from which it held and where it was read.",
    tables: [tables.prices, tables.gpuPrices],
    units: "USD: a token, or a GPU and hour.",
  },
] as const;
