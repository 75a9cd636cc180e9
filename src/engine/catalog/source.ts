/** Where a figure of the catalogue comes from. */
import { InputError } from "../errors.ts";
import apiRecords from "./prices.json" with { type: "json" };
import gpuRecords from "./gpus.json" with { type: "json" };
import gpuPriceRecords from "./gpu-prices.json" with { type: "json" };
import modelRecords from "./models.json" with { type: "json" };
import type { ApiPrice, Gpu, GpuPrice, Model, Provenance } from "./types.ts";

interface Sourced {
  readonly id: string;
  readonly on?: string;
  readonly source: string;
  readonly date: string;
  readonly flag?: string;
  readonly verified?: boolean;
  readonly unverified?: readonly string[];
  readonly assume?: string;
}

const records = [modelRecords, gpuRecords, apiRecords, gpuPriceRecords] as unknown as readonly (readonly Sourced[])[];

/** Figures that are worked out from others of the same entry. */
const derived: Readonly<Record<string, string>> = {
  parameters: "computed from the shape",
  activeParameters: "computed from the shape",
  parts: "computed from the shape",
  attention: "computed from the shape",
  ffnWidth: "computed from the shape",
};

/** Names in the data files behind a field of a Gpu. */
const spelled: Readonly<Record<string, string>> = { visibleMemory: "visible", peakFlops: "bf16" };

/**
 * Source, date and caveat of one figure: `sourceOf(gpu("h100-sxm-80"), "hbmBandwidth")`. `field` may name a dtype of
 * `peakFlops`. Throws InputError when the entry is not of the catalogue or has no such figure.
 */
export function sourceOf(entry: Model | Gpu | ApiPrice | GpuPrice, field: string): Provenance {
  if (typeof entry !== "object" || entry === null) throw new InputError("entry", entry, "an entry of the catalogue");
  const on = "on" in entry ? entry.on : undefined;
  const kinds = "attention" in entry ? [0] : "peakFlops" in entry ? [1] : [2, 3];
  const record = kinds
    .flatMap((kind) => records[kind]!)
    .find((candidate) => candidate.id === entry.id && candidate.on === on);
  if (!record) throw new InputError("entry", entry.id, "an entry of the catalogue");
  const known =
    typeof field === "string" &&
    (Object.hasOwn(entry, field) || ("peakFlops" in entry && Object.hasOwn(entry.peakFlops, field)));
  if (!known) throw new InputError("field", field, `a figure of this entry: ${Object.keys(entry).join(", ")}`);
  const name = spelled[field] ?? field;
  const doubted = record.verified === false || (record.unverified ?? []).includes(name);
  const flags = [
    derived[field],
    doubted ? "not verified against a data sheet" : undefined,
    record.assume ? `taken from ${record.assume}` : undefined,
    record.flag,
  ].filter((flag) => flag !== undefined);
  return { source: record.source, date: record.date, ...(flags.length > 0 && { flag: flags.join("; ") }) };
}
