/** What `npm run new:lesson` writes: a lesson that builds, with one of each piece; whatever is still to be written begins with "WRITE:". */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface NewLesson {
  /** File name without .mdx: "09-speculative-tools". */
  readonly id: string;
  readonly part: number;
  readonly title: string;
  /** How `@course` calls its module: "speculativeTools". */
  readonly module: string;
  /** "src/components/figures/lesson-speculative-tools.ts". */
  readonly moduleFile: string;
  /** Text by path from the root. */
  readonly files: Readonly<Record<string, string>>;
}

/** What is still to be written, wherever it stands. */
export const toWrite = "WRITE:";

/** `id`: two digits, a hyphen, and a name in small letters. @throws Error that says which form it must have. */
export function newLesson(id: string): NewLesson {
  const [, digits, name] = /^(\d\d)-([a-z][a-z0-9]*(?:-[a-z0-9]+)*)$/.exec(id) ?? [];
  if (digits === undefined || name === undefined || Number(digits) < 1)
    throw new Error(`A lesson's id is its part and its name, such as 09-speculative-decoding; ${id} is not.`);
  const part = Number(digits);
  const words = name.replaceAll("-", " ");
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  const module = name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const moduleFile = `src/components/figures/lesson-${name}.ts`;
  const fill = (text: string) =>
    text
      .replaceAll("ID", id)
      .replaceAll("PART", String(part))
      .replaceAll("TITLE", title)
      .replaceAll("MODULE", module)
      .replaceAll("FILE", `lesson-${name}`);
  return {
    id,
    part,
    title,
    module,
    moduleFile,
    files: {
      [`content/lessons/${id}.mdx`]: fill(lesson),
      [`content/quizzes/${id}.yaml`]: fill(quiz),
      [moduleFile]: fill(figures),
      [`tests/components/figures/lesson-${name}.test.ts`]: fill(facts),
    },
  };
}

/** `@course` with the lesson's module among the others. */
export function withModule(course: string, { module, moduleFile }: Pick<NewLesson, "module" | "moduleFile">): string {
  const line = `export * as ${module} from "./figures/${moduleFile.split("/").at(-1)}";`;
  const before = "/** Examples of the figures kit. */";
  if (!course.includes(before)) throw new Error(`src/components/index.ts has no line ${before}`);
  return course.replace(before, `${line}\n${before}`);
}

/** Where new:lesson writes, and so where something may be left to write. */
const folders = ["content/lessons", "content/quizzes", "src/components/figures", "tests/components/figures"];

/** All that is still to be written, in every lesson. `root`: of the repository. */
export function leftIn(root: string): readonly string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
      entry.isFile()
        ? leftToWrite(`${folder}/${entry.name}`, readFileSync(join(root, folder, entry.name), "utf8"))
        : [],
    ),
  );
}

/** Lines that are still to be written: "content/lessons/09-x.mdx:12 WRITE: …". */
export function leftToWrite(file: string, text: string): readonly string[] {
  return text.split("\n").flatMap((line, i) => (line.includes(toWrite) ? [`${file}:${i + 1} ${line.trim()}`] : []));
}

const lesson = `---
title: TITLE
description: "WRITE: what the reader finds out, in one sentence."
part: PART
minutes: # words ÷ 200; and with the minutes of the labs it embeds
  reading: 2
  withLabs: 2
objectives: # each is practised by a lab, a figure or a question
  - "WRITE: something the reader can do afterwards"
  - "WRITE: and another"
prerequisites:
  - "WRITE: part 1, or what else the reader should bring"
sources: # ids of content/sources.yaml; all that the text cites
  - databricks-2023
---

import {
  Belief,
  Decision,
  Figure,
  FurtherReading,
  Gap,
  MovingFigure,
  Opener,
  Point,
  Quiz,
  Source,
  Takeaways,
  Term,
  TryIt,
  WhereItGoesWrong,
  WorkedExample,
  MODULE as own,
  count,
  time,
  times,
} from "@course";

<Opener>

WRITE: the question that the part before left open, with a number in it. Here is one to replace: a step that serves one user takes {time(own.step(1))}. How long may it take for sixty-four?

</Opener>

## WRITE: the first claim

WRITE: say what is so, in a sentence that can be wrong. Then derive it, from what the reader knows already. A <Term id="decode">decode</Term> step reads all weights, whoever is in it, and that is why many can share it.

<TryIt
  id="ID-share"
  ask="WRITE: a question that a guess can answer. Sixty-four users instead of one: how many times as long is a step?"
  value={own.step(64) / own.step(1)}
  unit="times"
  tolerance={0.25}
>

WRITE: the explanation, which opens with the answer. It is {times(own.step(64) / own.step(1))}: the weights are read once for all of them, and what grows is the reading of caches.

</TryIt>

<Figure chart={own.stepChart()} origin={{ kind: "calculated" }} id="ID-steps">
  WRITE: what to see in it.
</Figure>

<WorkedExample title="WRITE: the same by hand">

One user waits {time(own.step(1))} for a token, so in a second there are <Gap label="Tokens a second" unit="tok/s" value={1 / own.step(1)} tolerance={0.03} slips={[{ value: 64 / own.step(64), why: "That is what sixty-four users get together." }]} />.

</WorkedExample>

<WhereItGoesWrong slip="WRITE: what people do">

WRITE: what it gives, and how to notice.

</WhereItGoesWrong>

WRITE: close the section with what follows from it, and what it leaves open. A section has 150 to 400 words: the claim, where it comes from, one number worked out by hand, the slip that people make, and then the lab that lets them find out. A claim that nothing on the page lets the reader test belongs in another lesson, or nowhere.

## WRITE: the second claim

WRITE: the derivation. What a cited measurement found stands beside its source <Source id="databricks-2023" />, and what the engine works out stands in braces: with {count(64)} users a step takes {time(own.step(64))}.

<MovingFigure figure={own.figures.MODULERoof()} id="ID-roof">
  WRITE: what moves, and what to watch while it does.
</MovingFigure>

Alone, <Point figure="ID-roof" state="batch-1">a request leaves nearly all arithmetic unused</Point>. With <Point figure="ID-roof" state="batch-64">sixty-four</Point> it climbs the slope.

<MovingFigure figure={own.figures.MODULEMemory()} id="ID-memory">
  WRITE: what to see in it.
</MovingFigure>

A lab belongs here, under the claim that it lets the reader find out. Write one (\`npm run new:lab\`), then put its tag on a line of its own, and add its minutes to those above.

<Belief claim="WRITE: a belief that many hold" figure="ID-roof">

WRITE: what refutes it, and where to see that.

</Belief>

<Takeaways>

1. WRITE: a claim in one sentence, with its number. A step for sixty-four takes {times(own.step(64) / own.step(1))} as long as a step for one.

</Takeaways>

<Quiz id="ID" />

<Decision
  id="ID"
  title="WRITE: what is to be decided"
  measures={["time a step"]}
  options={own.decision()}
>

WRITE: the brief. Who, how many, within which limits. Sixty-four people wait, and nobody may wait more than {time(own.limit)} for a token.

<Fragment slot="discussion">WRITE: what the right answer turns on.</Fragment>

</Decision>

WRITE: the question that the next part answers.

<FurtherReading items={[{ source: "databricks-2023", why: "WRITE: why to read it." }]} />
`;

const quiz = `part: PART
questions:
  - id: ID-tokens
    kind: number
    ask: "WRITE: a number that the labs ask for. A step takes 8 ms and serves 64 users. How many tokens does it write in a second?"
    answer: 8000
    unit: tok/s
    tolerance: 0.01
    why: "WRITE: 64 ÷ 0.008 s."
    slips:
      - { value: 125, why: "WRITE: that is one user's." }
      - { value: 512, why: "WRITE: that multiplies users and milliseconds." }
  - id: ID-setting
    kind: setting
    setting: maxNumSeqs
    ask: "WRITE: which value, and for what?"
    options:
      - { answer: "64", right: true, why: "WRITE: why it is right." }
      - { answer: "1", why: "WRITE: why it tempts." }
  - id: ID-plot
    plot: MODULESteps
    ask: "WRITE: a reading of the plot."
    options:
      - { answer: "WRITE: what it shows", right: true, why: "WRITE: where to see it." }
      - { answer: "WRITE: what it does not show", why: "WRITE: why it tempts." }
  - id: ID-four
    ask: "WRITE: the fourth question."
    options:
      - { answer: "WRITE: right", right: true, why: "WRITE: why." }
      - { answer: "WRITE: wrong", why: "WRITE: why it tempts." }
  - id: ID-five
    ask: "WRITE: the fifth question."
    options:
      - { answer: "WRITE: right", right: true, why: "WRITE: why." }
      - { answer: "WRITE: wrong", why: "WRITE: why it tempts." }
`;

const figures = `/** Every number and figure of the lesson "TITLE", worked out by the engine. */
import { decodeStep, type Server } from "../../engine/index.ts";
import { bars } from "../../engine/chart/index.ts";
import type { ChartDescription } from "../../engine/chart/types.ts";
import { time } from "../format.ts";
import type { QuizPlot } from "../quiz/plots.ts";
import { kvGrowth } from "./kv-growth.ts";
import type { MovingFigure } from "./moving.ts";
import { roofline } from "./roofline.ts";

/** The frozen parameter set, so that refitting the engine never moves the lesson. */
const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80", parameters: "course-h100-v1" };
const context = 512;

/** Seconds of one decode step for so many users. */
export function step(users: number): number {
  return decodeStep(server, { batch: users, context }).seconds;
}

export function stepChart(): ChartDescription {
  const users = [1, 16, 64];
  return bars({
    title: "One decode step",
    y: { label: "Time", unit: "s" },
    categories: users.map((n) => (n === 1 ? "1 user" : \`\${n} users\`)),
    series: [{ name: "step", values: users.map(step) }],
  });
}

/** What nobody may wait longer for, in seconds. */
export const limit = 0.01;

export function decision() {
  return [1, 64].map((users) => ({
    id: \`users-\${users}\`,
    name: \`\${users} at a time\`,
    outcome: [time(step(users))],
    keeps: users === 64 && step(users) <= limit,
    why: users === 64 ? "Within the limit, and all are served." : "Quickest for one, and 63 wait.",
  }));
}

/** By the name under which each one's stored picture is kept. */
export const figures: Readonly<Record<string, () => MovingFigure>> = {
  MODULERoof: () => roofline({ server, context, batches: [1, 4, 16, 64, 256], still: 64 }),
  MODULEMemory: () => kvGrowth({ server, contexts: [512, 2048, 8192, 32_768], users: [1, 64], still: 8192 }),
};

/** Plots to read in the quiz. */
export const plots: Readonly<Record<string, () => QuizPlot>> = {
  MODULESteps: () => ({ chart: stepChart(), origin: { kind: "calculated" } }),
};
`;

const facts = `/** The facts of the lesson "TITLE": what its text and its decision say, against where they come from. */
import { expect, test } from "vitest";
import * as own from "../../../src/components/figures/FILE.ts";

test("WRITE: a fact of the text, with its source: a step of 64 takes about 1.22 times one of 1", () => {
  expect(own.step(64) / own.step(1)).toBeCloseTo(1.22, 1);
});

test("exactly one option of the decision keeps all limits", () => {
  expect(own.decision().filter(({ keeps }) => keeps)).toHaveLength(1);
});
`;
