/** content/<language>/quizzes/<lesson>.yaml: the words of a quiz in a second language. Numbers and which answer is right stay in content/quizzes. */
import type { z } from "astro/zod";
import type { SecondLanguage } from "../../languages.ts";
import { translationFile } from "../language/words.ts";
import type { Question, quizSchema } from "./schema.ts";

/** The words of one question: options and slips in the order of the English ones. */
export interface QuestionWords {
  readonly ask: string;
  readonly setting?: string;
  readonly why?: string;
  readonly options?: readonly { readonly answer: string; readonly why: string }[];
  readonly slips?: readonly string[];
}

type Quiz = z.infer<typeof quizSchema>;

/** A question that has no words in that language stays in English. */
export function quizIn(lang: SecondLanguage | undefined, id: string, quiz: Quiz): Quiz {
  if (lang === undefined) return quiz;
  const words = translationFile<QuestionWords>(lang, `quizzes/${id}.yaml`);
  return {
    ...quiz,
    questions: quiz.questions.map((question) => {
      const own = words[question.id];
      return own === undefined ? question : questionIn(question, own);
    }),
  };
}

/** @throws Error where there are more or fewer options or slips than in English. */
export function questionIn(question: Question, words: QuestionWords): Question {
  const each = <Given, Own, Made>(given: readonly Given[], own: readonly Own[], make: (g: Given, o: Own) => Made) => {
    if (given.length !== own.length)
      throw new Error(`question ${question.id}: ${own.length} answers are translated of ${given.length}`);
    return given.map((one, i) => make(one, own[i] as Own));
  };
  if (question.kind === "number")
    return {
      ...question,
      ask: words.ask,
      why: words.why ?? question.why,
      slips: each(question.slips, words.slips ?? [], (slip, why) => ({ ...slip, why })),
    };
  const options = each(question.options, words.options ?? [], (option, own) => ({ ...option, ...own }));
  return question.kind === "setting"
    ? { ...question, ask: words.ask, setting: words.setting ?? question.setting, options }
    : { ...question, ask: words.ask, options };
}
