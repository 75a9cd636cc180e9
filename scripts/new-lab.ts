/** Writes a lab's folder that passes its proofs as it is: `npm run new:lab -- my-lab`, or `-- my-lab --in ../our-course/labs`. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { problemOfLabId } from "../src/lab/lab-id.ts";
import { labFolders, labHomes } from "../src/project/lab-folders.ts";
import { newLab } from "./lab/new-lab.ts";
import { root } from "./lab/output.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { in: { type: "string", default: "labs" } },
});
const [id, ...more] = positionals;
const usage = "Usage: npm run new:lab -- my-lab [--in folder]";
if (id === undefined || more.length > 0) stop(usage);
const problem = problemOfLabId(id);
if (problem !== null) stop(`${problem}\n${usage}`);
const home = resolve(root, values.in);
if (!labHomes(root).includes(home))
  stop(`${values.in} is no folder of labs. Name it in labs.config.json first: { "labs": ["${values.in}"] }.`);
const folder = join(home, id);
const at = relative(root, folder).replaceAll("\\", "/");
const twin = labFolders(root).find((lab) => lab.id === id);
if (twin !== undefined || existsSync(folder)) stop(`${twin?.at ?? at} is there already.`);
mkdirSync(folder);
const files = Object.entries(newLab(id, relative(folder, join(root, "labs")).replaceAll("\\", "/")));
for (const [file, text] of files) writeFileSync(join(folder, file), text);
console.log(`${at} has ${files.map(([file]) => file).join(", ")}.

  npm run check:labs -- ${id}    proves it, now and after each change
  npm run dev                    shows it; a lesson embeds it with <Lab id="${id}" />`);

function stop(says: string): never {
  console.error(says);
  process.exit(1);
}
