/** Accelerators by catalogue id. Memory in bytes, bandwidth in bytes/s, peaks in dense FLOP/s. */
import { InputError } from "../errors.ts";
import records from "./gpus.json" with { type: "json" };
import { nearest, suchAs } from "../nearest.ts";
import type { Dtype, Gpu } from "./types.ts";
import { checkSoundNumbers } from "./sound-numbers.ts";

interface GpuRecord {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly architecture: string;
  /** GB, 1e9 bytes. */
  readonly memory: number;
  /** GB that a program can allocate. */
  readonly visible?: number;
  /** GB/s. */
  readonly hbmBandwidth: number | null;
  /** Dense TFLOP/s. */
  readonly peak: Readonly<Partial<Record<"bf16" | "fp16" | "fp8" | "fp4" | "int8", number>>>;
  /** Dense TFLOP/s in 16 bits with sums in 16 bits too, where that is a rate of its own: GeForce runs 32-bit sums at half of it. */
  readonly fp16Accumulate?: number;
  /** GB/s per direction. */
  readonly link?: { readonly name: string; readonly gbps: number | null };
  readonly assume?: string;
}

const list = records as unknown as readonly GpuRecord[];

/** Every accelerator of the catalogue. */
export const gpus: readonly Gpu[] = list.map((record) => Object.freeze(gpuOf(record)));

const byName = new Map<string, Gpu>();
list.forEach((record, i) => {
  for (const alias of [record.name, ...record.aliases]) byName.set(alias.toLowerCase(), gpus[i]!);
});
gpus.forEach((entry) => byName.set(entry.id, entry));

/** A GPU by id, such as `h100-sxm-80`, in any case; a Gpu is given back as it is, its numbers checked. Throws InputError on an unknown id, naming the nearest. */
export function gpu(id: string | Gpu): Gpu {
  if (typeof id === "object" && id !== null && "peakFlops" in id) {
    if (!gpus.includes(id)) checkSoundNumbers("gpu", id);
    return id;
  }
  const found = typeof id === "string" ? byName.get(id.trim().toLowerCase()) : undefined;
  if (!found) {
    const near = typeof id === "string" ? nearest(id, [...byName.keys()], 12).map((name) => byName.get(name)!.id) : [];
    throw new InputError("gpu", id, suchAs("an id of the catalogue", [...new Set(near)].slice(0, 3)));
  }
  return found;
}

function gpuOf(record: GpuRecord): Gpu {
  const assumed = record.assume ? list.find((other) => other.id === record.assume) : undefined;
  const peak = { ...assumed?.peak, ...record.peak };
  const visible = record.visible ?? assumed?.visible;
  const link = record.link ?? assumed?.link;
  return {
    id: record.id,
    name: record.name,
    memory: record.memory * 1e9,
    ...(visible && { visibleMemory: visible * 1e9 }),
    hbmBandwidth: (record.hbmBandwidth ?? assumed?.hbmBandwidth ?? 0) * 1e9,
    peakFlops: peaksByDtype(peak),
    ...(record.fp16Accumulate && { fp16AccumulateFlops: record.fp16Accumulate * 1e12 }),
    ...(link?.gbps && { link: { name: link.name, bytesPerSecond: link.gbps * 1e9 } }),
    architecture: record.architecture,
    ...(record.assume && { assume: record.assume }),
  };
}

/**
 * The rate at which a GPU multiplies, by the type the weights are stored in. Types that only store weights multiply as
 * 16-bit numbers; a type the chip has no units for falls back to the widest that it has.
 */
function peaksByDtype(peak: GpuRecord["peak"]): Partial<Record<Dtype, number>> {
  const tera = 1e12;
  const half = (peak.bf16 ?? peak.fp16 ?? 0) * tera;
  const fp8 = (peak.fp8 ?? 0) * tera || half;
  const int8 = (peak.int8 ?? 0) * tera || half;
  const fp4 = (peak.fp4 ?? 0) * tera || half;
  return {
    bf16: half,
    fp16: (peak.fp16 ?? peak.bf16 ?? 0) * tera,
    f16: half,
    fp8,
    int8,
    w8a16: half,
    w4a16: half,
    mxfp4: peak.fp4 ? fp8 : half,
    nvfp4: fp4,
    q4_k_m: half,
    q8_0: half,
  };
}
