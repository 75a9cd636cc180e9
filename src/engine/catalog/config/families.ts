/** What families of models leave out of their config.json: the defaults of the library's classes, and how they differ. */
import type { HuggingFaceConfig } from "../types.ts";
import data from "./families.json" with { type: "json" };

const families = data.defaults as Readonly<Record<string, HuggingFaceConfig>>;

/** The defaults of a family, and where they come from. Nothing is known of other families. */
export function defaultsOf(type: string): { values: HuggingFaceConfig; source: string } {
  const same = (data.same as Readonly<Record<string, string>>)[type] ?? type;
  return { values: Object.hasOwn(families, same) ? families[same]! : {}, source: data.source };
}

/** Whether input and output embedding are one, where the config doesn't say: true for those of the library's own default. */
export function tiedByDefault(type: string): boolean {
  return (data.tied as readonly string[]).includes(type);
}

/** Whether the family is one whose class sets `tie_word_embeddings` to false. */
export function untiedByDefault(type: string): boolean {
  return (data.untied as readonly string[]).includes(type);
}

/** Families whose FFN has two matrices, not three. */
export function isUngated(type: string): boolean {
  return (data.ungated as readonly string[]).includes(type);
}

/** Every n-th layer attends to everything, where the config doesn't list its layers. */
export function windowPattern(type: string): number | undefined {
  return (data.windowPattern as Readonly<Record<string, number>>)[type];
}

/** Why a family can't be read, where it can't. */
export function refusalOf(type: string): string | undefined {
  return (data.refused as Readonly<Record<string, string>>)[type];
}
