/** The build's list of pre-built lab pieces, read while the site is built. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Paths relative to generated/, under the site's base. */
export interface Generated {
  readonly sandbox: string;
  readonly compileWorker: string;
  readonly compileWasm: string;
  readonly declarations: string;
  /** perflab for Node, which a downloaded lab takes along. */
  readonly project: string;
  /** The reference of perflab, read while the site is built. */
  readonly reference: string;
  /** Name → page and anchor under reference/. */
  readonly referencePages: string;
  readonly editor: string;
  readonly editorStyle: string;
  readonly endpointWorker?: string;
  readonly tabEngine?: string;
  /** Shipped traces by name. */
  readonly traces: Readonly<Record<string, string>>;
  /** Compiled code by lab id, and "modules". */
  readonly labs: Readonly<Record<string, string>>;
  /** The main chart of a lab as correct code draws it, by lab id. */
  readonly pictures: Readonly<Record<string, string>>;
  /** What a lab's front.ts found by search, by lab id. */
  readonly fronts: Readonly<Record<string, string>>;
  /** Published measurements beside our predictions (`measurements`), and real runs replayed (`replays`). */
  readonly accuracy: Readonly<Record<"measurements" | "replays", string>>;
  /** Why a lab could not be compiled, by its id. */
  readonly failed: Readonly<Record<string, string>>;
}

/** @throws Error that says which command is missing. */
export function generatedPieces(): Generated {
  const file = join(process.cwd(), "public", "generated", "manifest.json");
  if (!existsSync(file)) throw new Error("The lab pieces are not built: run `npm run build:lab` first.");
  return JSON.parse(readFileSync(file, "utf8")) as Generated;
}
