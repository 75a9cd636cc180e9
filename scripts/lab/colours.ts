/** The variables of the site's light theme, for pictures that stand alone. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./output.ts";

export async function lightColours(): Promise<string> {
  const tokens = await readFile(join(root, "src/styles/tokens.css"), "utf8");
  const [, light] = /\[data-theme="light"\] \{([^}]*)\}/.exec(tokens) ?? [];
  if (light === undefined) throw new Error("src/styles/tokens.css has no block for the light theme");
  return light.replaceAll(/\s+/g, " ").trim();
}
