/** labs.config.json: the folders and packages that bring somebody's own labs and lessons on top of the course. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";

const config = "labs.config.json";

/** Lessons of one origin, and what they stand under in the sidebar. */
export interface OwnCourse {
  readonly title: string;
  /** A folder, from the root of the repository, or a package with a folder lessons/. */
  readonly lessons: string;
}

export interface CourseConfig {
  /** Folders, or packages with a folder labs/. */
  readonly labs: readonly string[];
  readonly courses: readonly OwnCourse[];
}

/** The text of the file; without one, nothing comes on top. */
export function configText(root: string): string {
  const file = join(root, config);
  return existsSync(file) ? readFileSync(file, "utf8") : '{ "labs": [] }';
}

/** @throws Error that names the field and what is wrong with it. */
export function readConfig(text: string): CourseConfig {
  let given: unknown;
  try {
    given = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new Error(`${config} is not JSON: ${(error as Error).message}`);
  }
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new Error(`${config} must be an object, such as { "labs": ["../our-course/labs"] }.`);
  const { labs = [], courses = [], ...others } = given as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new Error(`${config} has a field "${other}"; it has "labs" and "courses" alone.`);
  if (!Array.isArray(labs) || !labs.every((entry) => typeof entry === "string"))
    throw new Error(`"labs" in ${config} must be a list of folders or packages, such as ["../our-course/labs"].`);
  if (!Array.isArray(courses) || !courses.every(isCourse))
    throw new Error(
      `"courses" in ${config} must be a list such as [{ "title": "Our servers", "lessons": "../our-course/lessons" }].`,
    );
  return { labs, courses };
}

function isCourse(entry: unknown): entry is OwnCourse {
  if (typeof entry !== "object" || entry === null) return false;
  const { title, lessons, ...others } = entry as Record<string, unknown>;
  const texts = [title, lessons].every((text) => typeof text === "string" && text.trim() !== "");
  return texts && Object.keys(others).length === 0;
}

/** A folder, from the root, or the `inside` of an installed package. @throws Error where it is neither. */
export function homeOf(root: string, entry: string, inside: "labs" | "lessons"): string {
  const local = isAbsolute(entry) ? entry : resolve(root, entry);
  if (existsSync(local) && statSync(local).isDirectory()) return local;
  const inPackage = join(root, "node_modules", entry, inside);
  if (/^(?:@[\w.-]+\/)?[\w.-]+$/.test(entry) && existsSync(inPackage)) return inPackage;
  const fix =
    entry.startsWith(".") || isAbsolute(entry) ? "" : `, nor a package in node_modules with a folder ${inside}/`;
  throw new Error(`${config} names ${JSON.stringify(entry)}, which is no folder${fix}.`);
}
