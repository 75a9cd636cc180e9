/** Reads what the capstone's search has found, while the site is built. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { generatedPieces } from "../../lab/generated.ts";
import type { FoundFront } from "./attempts.ts";

/** @throws Error that says which command is missing. */
export function readFront(): FoundFront {
  const file = generatedPieces().fronts["capstone"];
  if (file === undefined) throw new Error("The capstone's front was not searched: run `npm run build:lab`.");
  return JSON.parse(readFileSync(join(process.cwd(), "public", "generated", file), "utf8")) as FoundFront;
}
