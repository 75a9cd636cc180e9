/** The files of every lab, and of the one that new:lab writes: what the authoring page begins with. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { APIRoute } from "astro";
import { newLab } from "../../../scripts/lab/new-lab.ts";
import { labFolder, labIds } from "../../components/lab/read-lab.ts";
import { blankId } from "../../components/author-page/draft.ts";

export function getStaticPaths() {
  return [blankId, ...labIds()].map((id) => ({ params: { id } }));
}

export const GET: APIRoute = ({ params: { id = "" } }) =>
  new Response(JSON.stringify(id === blankId ? newLab(blankId) : filesOf(labFolder(id).path)), {
    headers: { "content-type": "application/json" },
  });

function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => /\.(ts|yaml)$/.test(name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
