/** Keeps the answers of a quiz with the reader's progress: one record a question. */
import { openStorage } from "../../lab/storage.ts";

/** Question id → chosen option. */
export type Answers = Readonly<Record<string, number>>;

const address = (quiz: string, question: string): string => `quiz:${quiz}/${question}`;

export async function readAnswers(quiz: string, questions: readonly string[]): Promise<Answers> {
  const storage = await openStorage();
  const records = await Promise.all(questions.map((question) => storage.get("progress", address(quiz, question))));
  return Object.fromEntries(
    records.flatMap((record, index) =>
      typeof record?.detail === "number" ? [[questions[index] ?? "", record.detail]] : [],
    ),
  );
}

export async function writeAnswer(quiz: string, question: string, choice: number): Promise<void> {
  const storage = await openStorage();
  const date = new Date().toISOString();
  await storage.put("progress", { id: address(quiz, question), state: "answered", date, detail: choice });
}
