/** Where the answers of a quiz are kept. */

/** Question id → chosen option. */
export type Answers = Readonly<Record<string, number>>;

const kept = new Map<string, Answers>();

export function readQuiz(id: string): Promise<Answers> {
  return Promise.resolve(kept.get(id) ?? {});
}

export function writeQuiz(id: string, answers: Answers): Promise<void> {
  kept.set(id, { ...answers });
  return Promise.resolve();
}
