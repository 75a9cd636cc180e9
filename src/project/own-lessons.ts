/** Lessons that lie outside content/: those of the courses that labs.config.json names, each with the address it gets. */
import { readdirSync } from "node:fs";
import { relative } from "node:path";
import { configText, homeOf, readConfig } from "./course-config.ts";

export interface OwnLesson {
  /** Address under the site's base, without slashes around it: "courses/01-our-gpus". */
  readonly id: string;
  /** File name in its folder: "01-our-gpus.mdx". */
  readonly file: string;
}

export interface OwnLessons {
  /** What its lessons stand under in the sidebar. */
  readonly title: string;
  /** Absolute. */
  readonly path: string;
  /** From the root of the repository, with slashes. */
  readonly at: string;
  /** In the order of their file names. */
  readonly lessons: readonly OwnLesson[];
}

const nameOfLesson = /^[a-z0-9]+(?:-[a-z0-9]+)*\.mdx$/;

/**
 * Every course on top, with its lessons. `text`: labs.config.json, where it is not the file's own.
 * @throws Error that names the entry, folder or file, and what is wrong with it.
 */
export function ownLessons(root: string, text = configText(root)): readonly OwnLessons[] {
  const taken = new Map<string, string>();
  return readConfig(text).courses.map(({ title, lessons }) => {
    const path = homeOf(root, lessons, "lessons");
    const at = relative(root, path).replaceAll("\\", "/");
    const files = readdirSync(path).filter((name) => /\.mdx?$/.test(name) && !name.startsWith("_"));
    return {
      title,
      path,
      at,
      lessons: files.sort().map((file) => {
        if (!nameOfLesson.test(file))
          throw new Error(
            `${at}/${file} can't be a lesson: its name is its address, so small letters, digits and hyphens, and .mdx. Rename it.`,
          );
        const twin = taken.get(file);
        if (twin !== undefined)
          throw new Error(`${at}/${file} and ${twin} have one name, and with it one address. Rename one of them.`);
        taken.set(file, `${at}/${file}`);
        return { id: `courses/${file.replace(/\.mdx$/, "")}`, file };
      }),
    };
  });
}
