/** How far a learner is in a part: counted from the records of the progress store. The pieces that show it are in src/components/progress/. */
import type { ProgressRecord } from "../storage-records.ts";

/** What there is to do in a part, by id. */
export interface PartItems {
  /** Such as "01-introduction"; undefined for labs that belong to no lesson. */
  readonly lesson: string | undefined;
  readonly labs: readonly string[];
  /** Of the lesson's quiz. */
  readonly questions: readonly string[];
}

export interface PartTally {
  /** Something of it was opened, answered or passed. */
  readonly begun: boolean;
  /** Every section of the lesson was seen, or the reader said so. */
  readonly read: boolean;
  readonly passed: number;
  readonly labs: number;
  readonly answered: number;
  readonly questions: number;
  /** Nothing is left of it. */
  readonly done: boolean;
}

export type Records = ReadonlyMap<string, ProgressRecord>;

export function byId(records: readonly ProgressRecord[]): Records {
  return new Map(records.map((record) => [record.id, record]));
}

export const recordId = {
  lesson: (lesson: string) => `lesson:${lesson}`,
  section: (lesson: string, slug: string) => `section:${lesson}/${slug}`,
  lab: (lab: string) => `lab:${lab}`,
  question: (quiz: string, question: string) => `quiz:${quiz}/${question}`,
};

export function tally({ lesson, labs, questions }: PartItems, records: Records): PartTally {
  const passed = labs.filter((id) => records.get(recordId.lab(id))?.state === "passed").length;
  const answered = questions.filter((id) => records.has(recordId.question(lesson ?? "", id))).length;
  const ofLesson = lesson === undefined ? undefined : records.get(recordId.lesson(lesson));
  const read = ofLesson?.state === "read";
  const done = passed === labs.length && answered === questions.length && (lesson === undefined || read);
  return {
    begun: ofLesson !== undefined || passed + answered > 0,
    read,
    passed,
    labs: labs.length,
    answered,
    questions: questions.length,
    done,
  };
}

/** In one line, such as "2 of 5 labs passed, 1 of 5 questions answered". */
export function tallyWords({ done, read, passed, labs, answered, questions }: PartTally): string {
  if (done) return "Done";
  const said = [
    ...(read ? ["read"] : []),
    ...(labs > 0 ? [`${passed} of ${labs} labs passed`] : []),
    ...(questions > 0 ? [`${answered} of ${questions} questions answered`] : []),
  ].join(", ");
  return said.charAt(0).toUpperCase() + said.slice(1);
}
