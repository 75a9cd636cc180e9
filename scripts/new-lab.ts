/** Writes a lab's folder that passes its proofs as it is: `npm run new:lab -- my-lab`. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newLab } from "./lab/new-lab.ts";
import { root } from "./lab/output.ts";

const [id, ...more] = process.argv.slice(2);
if (id === undefined || more.length > 0 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
  console.error("Usage: npm run new:lab -- my-lab\nA lab's id is in small letters, with hyphens between words.");
  process.exit(1);
}
const folder = join(root, "labs", id);
if (existsSync(folder)) {
  console.error(`labs/${id} is there already.`);
  process.exit(1);
}
mkdirSync(folder);
const files = Object.entries(newLab(id));
for (const [file, text] of files) writeFileSync(join(folder, file), text);
console.log(`labs/${id} has ${files.map(([file]) => file).join(", ")}.

  npm run check:labs -- ${id}    proves it, now and after each change
  npm run dev                    shows it; a lesson embeds it with <Lab id="${id}" />`);
