/** What there is to do in the course, read while the site is built: lessons with their labs and quiz questions. */
import { getCollection } from "astro:content";
import { capstoneLab } from "../../lab/progress/completion.ts";
import type { PartItems } from "../../lab/progress/tally.ts";
import { labIds, readLab } from "../lab/read-lab.ts";
import { href } from "../site/href.ts";
import { parts } from "../site/outline.ts";

export interface CourseLab {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly question: string;
  readonly minutes: number;
  readonly checks: number;
  /** It can measure the reader's own server. */
  readonly ownServer: boolean;
}

export interface CoursePart {
  /** Place in the course; undefined for the labs that belong to no lesson. */
  readonly number?: number;
  readonly title: string;
  readonly url?: string;
  readonly labs: readonly CourseLab[];
  readonly items: PartItems;
}

let read: Promise<readonly CoursePart[]> | null = null;

/** The parts that are written, the capstone, then the labs that belong to none. */
export function courseParts(): Promise<readonly CoursePart[]> {
  // Under `npm run dev` the files change while the server runs.
  if (import.meta.env.DEV) return readParts();
  return (read ??= readParts());
}

/** By the address of its lesson, as the outline has it. */
export async function partAt(path: string): Promise<CoursePart | undefined> {
  return (await courseParts()).find(({ items }) => path === `lessons/${items.lesson}/`);
}

async function readParts(): Promise<readonly CoursePart[]> {
  const quizzes = await getCollection("quizzes");
  const lessonOf = (path: string | undefined) => path?.slice("lessons/".length, -1);
  const written = new Set(parts.map(({ path }) => lessonOf(path)));
  const labs = labIds().map((id) => {
    const { definition, setup } = readLab(id, import.meta.env.BASE_URL);
    const lab: CourseLab = {
      id,
      title: definition.title,
      url: href(id === capstoneLab ? "capstone/" : `labs/${id}/`),
      question: definition.question,
      minutes: definition.minutes,
      checks: setup.checks.length,
      ownServer: definition.targets.includes("endpoint"),
    };
    return { lab, lesson: written.has(definition.lesson) ? definition.lesson : undefined };
  });
  const part = (title: string, lesson: string | undefined) => {
    const own = labs.flatMap((each) => (each.lesson === lesson && each.lab.id !== capstoneLab ? [each.lab] : []));
    const questions = quizzes.find(({ id }) => id === lesson)?.data.questions ?? [];
    return {
      title,
      labs: own,
      items: { lesson, labs: own.map(({ id }) => id), questions: questions.map(({ id }) => id) },
    };
  };
  const alone = part("Labs on their own", undefined);
  const last = labs.flatMap(({ lab }) => (lab.id === capstoneLab ? [lab] : []));
  const capstone: CoursePart = {
    title: "The capstone",
    url: href("capstone/"),
    labs: last,
    items: { lesson: undefined, labs: last.map(({ id }) => id), questions: [] },
  };
  return [
    ...parts.flatMap(({ number, title, path }) =>
      path === undefined ? [] : [{ number, url: href(path), ...part(title, lessonOf(path)) }],
    ),
    capstone,
    ...(alone.labs.length > 0 ? [alone] : []),
  ];
}
