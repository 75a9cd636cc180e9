/** Which questions open a part: three from earlier parts, at growing distances, the same for everybody. */

/** How many parts back: expanding spacing, a little better than none, and far better than massed (Latimier et al. 2021). */
const distances = [1, 2, 4] as const;

export interface SpacedQuestion {
  readonly part: number;
  /** Place of the question in that part's quiz, from 0. */
  readonly question: number;
}

/**
 * For part `part`, given how many questions each earlier part's quiz has (index 0: part 1). Where the course is not that long yet,
 * the place is taken by the next nearest part; no question comes twice until a quiz has no other.
 */
export function spacedQuestions(part: number, questions: readonly number[]): readonly SpacedQuestion[] {
  const used = new Map<number, number>();
  for (let earlier = 2; ; earlier++) {
    const chosen = distances.flatMap((distance, index): SpacedQuestion[] => {
      const from = partAt(earlier, distance, index, questions);
      if (from === undefined) return [];
      const next = used.get(from) ?? 0;
      used.set(from, next + 1);
      return [{ part: from, question: next % (questions[from - 1] as number) }];
    });
    if (earlier >= part) return part < 2 ? [] : chosen;
  }
}

/** The part `distance` back, else the nearest one that has a quiz. */
function partAt(part: number, distance: number, index: number, questions: readonly number[]): number | undefined {
  const written = Array.from({ length: part - 1 }, (_, i) => part - 1 - i).filter((p) => (questions[p - 1] ?? 0) > 0);
  const wanted = part - distance;
  return written.includes(wanted) ? wanted : written[index % Math.max(1, written.length)];
}
