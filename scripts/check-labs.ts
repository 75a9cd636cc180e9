/** Proves labs and says in plain words what is wrong with them: `npm run check:labs`, or `npm run check:labs -- my-lab`. */
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { stop } from "esbuild";
import pc from "picocolors";
import { faultLine, type Fault } from "../src/lab/fault.ts";
import type { LabReport } from "../src/lab/prove.ts";
import { allSeeds, someSeeds } from "../src/lab/seeds.ts";
import { suggestion } from "../src/lab/read-yaml.ts";
import { courseFaults, readCourse } from "./lab/course-faults.ts";
import { stillToWrite } from "./lab/new-lab.ts";
import { labFolder, labIds, readLabFolder } from "./lab/lab-folders.ts";
import { root } from "./lab/output.ts";
import { proveSources } from "./lab/prove-folder.ts";
import { openProvingBrowser } from "./lab/proving-browser.ts";

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
  const all = [...faults, ...own, ...(await types).filter(({ file }) => file.startsWith(`${at}/`))];
  if (all.length > 0) broken++;
  if (report !== undefined) reports.push({ ...report, faults: all });
  if (!values.json) print(id, report, all, (performance.now() - since) / 1000);
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

function print(id: string, report: LabReport | undefined, faults: readonly Fault[], seconds: number): void {
  console.log(
    `\n${faults.length === 0 ? pc.green("✓") : pc.red("✗")} ${pc.bold(id)} ${pc.dim(`${seconds.toFixed(1)} s`)}`,
  );
  if (report !== undefined && report.checks.length > 0) {
    const { solution, starter, wrong, mutants, answer } = report;
    console.log(
      `  solution: ${solution.seeds} seeds, ${solution.seconds.toFixed(2)} s a run, ${solution.charts} charts, ${Math.ceil(solution.bytes / 1000)} kB of output` +
        (answer === null ? "" : `; the prediction's answer is ${answer.toPrecision(4)}`),
    );
    console.log(`  changed solutions: ${mutants.tried - mutants.survived.length} of ${mutants.tried} noticed`);
    matrix(report.checks, [{ ...starter, name: "the starter" }, ...wrong]);
  }
  const yaml = readFileSync(join(labFolder(id).path, "lab.yaml"), "utf8");
  for (const { field, line } of report === undefined ? [] : stillToWrite(yaml))
    console.log(
      `  ${pc.yellow("still to write:")} ${labFolder(id).at}/lab.yaml:${line} \`${field}\` is as new:lab wrote it.`,
    );
  for (const note of report?.notes ?? []) console.log(`  ${pc.yellow("worth a look:")} ${faultLine(note)}`);
  for (const fault of faults) console.log(pc.red(`  ${faultLine(fault)}`));
}

/** Which check fails which answer. */
function matrix(checks: readonly string[], answers: readonly { name: string; failed: readonly string[] }[]): void {
  checks.forEach((name, i) => console.log(`  ${pc.dim(`${i + 1}`)} ${name}`));
  const wide = Math.max(...answers.map(({ name }) => name.length));
  for (const { name, failed } of answers) {
    const row = checks.map((check, i) => (failed.includes(check) ? pc.yellow(String(i + 1)) : pc.dim("·"))).join(" ");
    console.log(`    ${name.padEnd(wide)}  ${row}`);
  }
}

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
