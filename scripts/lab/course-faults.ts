/** What is wrong between labs and pages: titles that two share, lessons that are not there, labs that no lesson embeds, embeds of no lab. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Fault } from "../../src/lab/fault.ts";
import type { LabSources } from "../../src/lab/lab-sources.ts";
import { suggestion } from "../../src/lab/read-yaml.ts";
import { ownLessons } from "../../src/project/own-lessons.ts";
import { root } from "./output.ts";

export interface CoursePage {
  /** "content/lessons/01-introduction.mdx". */
  readonly file: string;
  readonly text: string;
}

export interface Course {
  readonly pages: readonly CoursePage[];
  /** Ids of the lessons that are written. */
  readonly lessons: readonly string[];
}

/** The pages under content/ and those of courses on top, and the lessons of content/ among them. */
export function readCourse(): Course {
  const pages = readdirSync(join(root, "content"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".mdx"))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { file: relative(root, path).replaceAll("\\", "/"), text: readFileSync(path, "utf8") };
    });
  const own = ownLessons(root).flatMap(({ at, path, lessons: files }) =>
    files.map(({ file }) => ({ file: `${at}/${file}`, text: readFileSync(join(path, file), "utf8") })),
  );
  const lessons = pages.flatMap(({ file }) => /^content\/lessons\/(.+)\.mdx$/.exec(file)?.[1] ?? []);
  return { pages: [...pages, ...own], lessons: lessons.sort() };
}

type Lab = Pick<LabSources, "id" | "at" | "lineOf"> & {
  readonly definition: Pick<LabSources["definition"], "title" | "lesson">;
};

/** `known`: ids of all lab folders, also of those that could not be read. */
export function courseFaults(
  labs: readonly Lab[],
  known: readonly string[],
  { pages, lessons }: Course,
): readonly Fault[] {
  const faults: Fault[] = [];
  const embeds = pages.flatMap(({ file, text }) =>
    [...withoutCode(text).matchAll(/<Lab\s[^>]*?\bid=["']([^"']*)["']/g)].map((match) => ({
      file,
      lab: match[1] ?? "",
      line: text.slice(0, match.index).split("\n").length,
    })),
  );
  for (const { file, lab, line } of embeds) {
    if (!known.includes(lab))
      faults.push({ file, line, says: `There is no lab "${lab}".`, fix: suggestion(lab, known) });
  }
  for (const { id, at, definition, lineOf } of labs) {
    const file = `${at}/lab.yaml`;
    const twin = labs.find((other) => other.id !== id && other.definition.title === definition.title);
    if (twin !== undefined) {
      faults.push({
        file,
        line: lineOf(["title"]),
        says: `"${definition.title}" is the title of ${twin.at} too.`,
      });
    }
    const { lesson } = definition;
    if (lesson === undefined) continue;
    const page = pages.find((candidate) => candidate.file === `content/lessons/${lesson}.mdx`);
    const line = lineOf(["lesson"]);
    // A part that has no lesson yet is still to be written, and its labs may be there before it.
    const toCome = !lessons.some((each) => each.startsWith(lesson.slice(0, 3)));
    if (!lessons.includes(lesson) && !toCome) {
      faults.push({ file, line, says: `There is no lesson "${lesson}".`, fix: suggestion(lesson, lessons) });
    } else if (page !== undefined && !embeds.some((embed) => embed.lab === id)) {
      faults.push({ file, line, says: `No page embeds this lab.`, fix: `Put <Lab id="${id}" /> into ${page.file}.` });
    }
  }
  return faults;
}

/** The page with code blanked out, so that positions stay: an embed in code is an example. */
function withoutCode(text: string): string {
  return text.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, (code) => code.replaceAll(/[^\n]/g, " "));
}
