/** Writes a lesson that builds, with one of each piece: `npm run new:lesson -- 09-my-lesson`; `-- --left` says what is still to write, in every lesson. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { leftIn, newLesson, withModule, type NewLesson } from "./lab/new-lesson.ts";
import { root } from "./lab/output.ts";

const usage = `Usage: npm run new:lesson -- 09-my-lesson
       npm run new:lesson -- --left      what is still to write, with file and line`;
const [given, ...more] = process.argv.slice(2);
if (given === undefined || more.length > 0) stop(usage);
if (given === "--left") {
  const left = leftIn(root);
  console.log(left.length === 0 ? "Nothing is left to write." : left.join("\n"));
  process.exit(left.length === 0 ? 0 : 1);
}

const lesson = scaffold(given);
const lessons = readdirSync(join(root, "content/lessons"));
const twin = lessons.find((file) => file.startsWith(given.slice(0, 3)));
if (twin !== undefined) stop(`Part ${lesson.part} is content/lessons/${twin} already. Take the next number.`);
for (const file of Object.keys(lesson.files)) if (existsSync(join(root, file))) stop(`${file} is there already.`);
const course = join(root, "src/components/index.ts");
writeFileSync(course, withModule(readFileSync(course, "utf8"), lesson));
for (const [file, text] of Object.entries(lesson.files)) writeFileSync(join(root, file), text);
console.log(`Written:
${Object.keys(lesson.files)
  .map((file) => `  ${file}`)
  .join("\n")}
  src/components/index.ts has its module, as ${lesson.module}

  UPDATE_FIGURES=1 npx vitest run tests/components/figures   draws its figures; look at them in tests/components/figures/stored/
  npm run dev                                                shows it at /lessons/${lesson.id}/
  npm run new:lesson -- --left                               says what is still to write
  npm run new:lab -- my-lab                                  a lab for it: lesson: ${lesson.id} in its lab.yaml`);

function scaffold(id: string): NewLesson {
  try {
    return newLesson(id);
  } catch (error) {
    return stop(`${(error as Error).message}\n${usage}`);
  }
}

function stop(says: string): never {
  console.error(says);
  process.exit(1);
}
