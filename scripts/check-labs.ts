/** Proves labs and says in plain words what is wrong with them: `npm run check:labs`, or `npm run check:labs -- my-lab`. */
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { stop } from "esbuild";
import pc from "picocolors";
import { faultLine, type Fault } from "../src/lab/fault.ts";
import type { LabReport } from "../src/lab/proof.ts";
import { allSeeds, someSeeds } from "../src/lab/seeds.ts";
import { suggestion } from "../src/lab/read-yaml.ts";
import { courseFaults, readCourse } from "./lab/course-faults.ts";
import { labFolder, labIds, readLabFile, readLabFolder } from "./lab/lab-folders.ts";
import { root } from "./lab/output.ts";
import { proveSources } from "./lab/prove-folder.ts";
import { openProvingBrowser } from "./lab/proving-browser.ts";
import { reportLines } from "./lab/report-lines.ts";
import { translationsOf } from "./lab/translations.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: "string", default: "40" }, json: { type: "boolean", default: false } },
});
const known = labIds();
const unknown = positionals.filter((id) => !known.includes(id));
if (unknown.length > 0) {
  for (const id of unknown) console.error(`There is no lab ${id}. ${suggestion(id, known)}`);
  process.exit(1);
}
const ids = positionals.length > 0 ? positionals : known;
const seeds = Number(values.seeds) >= allSeeds.length ? allSeeds : someSeeds(Math.max(1, Number(values.seeds)));

const began = performance.now();
const types = typeFaults(ids);
const [browser, folders] = [await openProvingBrowser(), new Map(known.map((id) => [id, readLabFolder(id)] as const))];
const readable = [...folders.values()].flatMap(({ sources }) => sources ?? []);
const course = courseFaults(readable, known, readCourse());
const reports: LabReport[] = [];
let broken = 0;
for (const id of ids) {
  const since = performance.now();
  const { report, faults } = await proveSources(folders.get(id) ?? { faults: [] }, browser, seeds, true);
  const { at } = labFolder(id);
  const own = course.filter(({ file, says }) => file.startsWith(`${at}/`) || says.includes(`"${id}"`));
  const translations = translationsOf(id);
  const all = [
    ...faults,
    ...translations.flatMap((each) => each.faults),
    ...own,
    ...(await types).filter(({ file }) => file.startsWith(`${at}/`)),
  ];
  if (all.length > 0) broken++;
  if (report !== undefined) reports.push({ ...report, faults: all });
  const seconds = (performance.now() - since) / 1000;
  const lab = { id, at, yaml: readLabFile(id, "lab.yaml"), report, faults: all, seconds };
  if (!values.json) console.log(`\n${reportLines(lab).join("\n")}`);
  for (const { lang, missing } of values.json ? [] : translations)
    console.log(`  ${lang}: ${missing.length === 0 ? "translated" : `in English still: ${missing.join(", ")}`}`);
}
await browser.close();
await stop();
const elsewhere = positionals.length > 0 ? [] : course.filter(({ file }) => file.startsWith("content/"));
for (const fault of elsewhere) console.error(pc.red(faultLine(fault)));
if (values.json) console.log(JSON.stringify(reports));
else {
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(
    `\n${ids.length - broken} of ${ids.length} labs proved in ${seconds} s, on ${seeds.length} seeds, in Chromium.`,
  );
}
process.exit(broken > 0 || elsewhere.length > 0 ? 1 : 0);

/** Type errors of the labs' files, from the compiler that knows them as the editor does. */
function typeFaults(ids: readonly string[]): Promise<readonly Fault[]> {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const config = join(root, ".cache", "labs.tsconfig.json");
  const include = [join(root, "labs", "globals.d.ts"), ...known.map((id) => join(labFolder(id).path, "*.ts"))];
  mkdirSync(dirname(config), { recursive: true });
  writeFileSync(config, JSON.stringify({ extends: "../labs/tsconfig.json", include }));
  const cache = join(root, ".cache", "labs.tsbuildinfo");
  const args = [tsc, "-p", config, "--incremental", "--tsBuildInfoFile", cache, "--pretty", "false"];
  const folders = ids.map((id) => `${labFolder(id).at}/`);
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: root }, (_, stdout) => {
      const faults = [...stdout.matchAll(/^([^(\n]+)\((\d+),(\d+)\): error (TS\d+): (.*)$/gm)].map(
        ([, file = "", line, column, code, says]): Fault => ({
          file,
          line: Number(line),
          column: Number(column),
          says: `${says} (${code})`,
        }),
      );
      resolve(faults.filter(({ file }) => folders.some((folder) => file.startsWith(folder))));
    });
  });
}
