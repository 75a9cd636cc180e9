/** Keeps the answers of a quiz with the reader's progress: one record a question. */
import { openStorage } from "../../lab/storage.ts";

/** Question id → the option chosen, or the number as typed. */
export type Answers = Readonly<Record<string, number | string>>;

const address = (quiz: string, question: string): string => `quiz:${quiz}/${question}`;

export async function readAnswers(quiz: string, questions: readonly string[]): Promise<Answers> {
  const storage = await openStorage();
  const records = await Promise.all(questions.map((question) => storage.get("progress", address(quiz, question))));
  return Object.fromEntries(
    records.flatMap((record, index) => (record?.detail === undefined ? [] : [[questions[index] ?? "", record.detail]])),
  );
}

export async function writeAnswer(quiz: string, question: string, answer: number | string): Promise<void> {
  const storage = await openStorage();
  const date = new Date().toISOString();
  await storage.put("progress", { id: address(quiz, question), state: "answered", date, detail: answer });
}
