/** The search: configurations by rising price, each tried only when nothing that is quicker to know rules it out. */
import {
  capacityOf,
  examine,
  expectationOf,
  tooSlow,
  type Capacity,
  type Expectation,
  type No,
  type Possible,
} from "./candidate.ts";
import { countFrom, usdPerMonth } from "./counts.ts";
import { frontOf } from "./front.ts";
import { isBroken, judge } from "./judge.ts";
import type { ResolvedQuestion } from "./question.ts";
import { rowOf } from "./row.ts";
import { configurationsOf, type Configuration } from "./space.ts";
import { refusals, type PlanRow, type Refusal, type Refused } from "./types.ts";
import { inSeconds, inTimes, inUsd, overloaded, sentenceOf } from "./words.ts";

/** A plan is simulated where the closed form expects at most this many times what each goal allows: it may err that far. */
export const SCREEN = 2;

/** A dearer plan is of interest where the closed form expects its p99 to be this much smaller. */
export const STEP = 0.9;

/** From here on the closed form thinks that a goal may be missed. */
const DOUBTFUL = 0.7;

const noStep: No = {
  reason: "noBetter",
  words: "no number of replicas makes its p99 a step smaller than that of cheaper ones",
};

/** A configuration that waits for its turn, and what is known of it; `usd` is what it costs at least. */
interface Waiting {
  readonly configuration: Configuration;
  readonly replicas: number;
  readonly usd: number;
  readonly possible?: Possible;
  readonly capacity?: Capacity;
  /** With this number of replicas. */
  readonly expectation?: Expectation | undefined;
  /** Why fewer replicas do not do. */
  readonly because?: string;
  /** Fewer replicas of it are a row already. */
  readonly hasRow?: boolean;
}

export interface Found {
  readonly configurations: number;
  /** In order of price. */
  readonly rows: readonly PlanRow[];
  readonly refused: readonly Refused[];
  readonly simulated: number;
}

/** Returns false to end the search. */
type OnProgress = (share: number) => boolean | void;

/** Each configuration ends as a row or several, or is refused for one reason; `onProgress` may cut that short. */
export function search(question: ResolvedQuestion, onProgress: OnProgress): Found {
  return new Search(question).run(onProgress);
}

class Search {
  readonly #question: ResolvedQuestion;
  readonly #rows: PlanRow[] = [];
  readonly #refused = new Map<Refusal, { count: number; readonly example: string }>();
  readonly #families = new Set<string>();
  /** The least p99 that the closed form expects of a row. */
  #fastest = Infinity;
  #simulated = 0;

  constructor(question: ResolvedQuestion) {
    this.#question = question;
  }

  run(onProgress: OnProgress): Found {
    const configurations = configurationsOf(this.#question);
    const queue: Waiting[] = [];
    for (const configuration of configurations) {
      if (configuration.price) queue.push({ configuration, replicas: 1, usd: usdPerMonth(configuration, 1) });
      else this.#refuse({ configuration }, { reason: "unpriced", words: "no price is known" });
    }
    queue.sort(dearestFirst);
    const all = queue.length;
    for (let at = queue.pop(); at; at = queue.pop()) {
      const again = this.#step(at);
      if (again) insert(queue, again);
      else if (onProgress(1 - queue.length / all) === false) break;
    }
    const onFront = new Set(frontOf(this.#rows, this.#question.rankBy));
    return {
      configurations: configurations.length,
      rows: this.#rows.map((row) => ({ ...row, onFront: onFront.has(row) })),
      refused: this.#reasons(),
      simulated: this.#simulated,
    };
  }

  /** Finds out the next thing about a configuration; gives it back where it has to wait for its turn again. */
  #step(at: Waiting): Waiting | undefined {
    const { configuration, possible, capacity, replicas, usd } = at;
    const question = this.#question;
    const { rate } = question.workload;
    if (usd > question.usdPerMonth)
      return this.#refuse(at, { reason: "overBudget", words: `at least ${inUsd(usd)} a month` });
    if (!possible) {
      const found = examine(configuration, question);
      if ("reason" in found) return this.#refuse(at, found);
      const slow = tooSlow(found, question);
      return slow ? this.#refuse(at, slow) : { ...at, possible: found };
    }
    const wanted = this.#wanted(at);
    if (!wanted && !this.#isStep(possible.fastest))
      return this.#refuse(at, {
        reason: "noBetter",
        words: `for at least ${inUsd(usd)} a month, its p99 can’t be below ${inSeconds(possible.fastest)}`,
      });
    if (!capacity) {
      const found = capacityOf(possible, question);
      const least = Math.max(1, Math.ceil(rate / (question.mostLoad * found.requestsPerSecond)));
      const because =
        least > 1 ? overloaded(rate / (least - 1) / found.requestsPerSecond, question.mostLoad) : undefined;
      return this.#atCount({ ...at, capacity: found }, least, because);
    }
    if (!at.expectation) {
      const expectation = expectationOf(possible, capacity, rate / replicas, question);
      if (expectation.worst <= SCREEN) return { ...at, expectation };
      return this.#more(
        at,
        `the closed form expects ${inTimes(expectation.worst)} what ${expectation.worstGoal} allows`,
      );
    }
    if (!wanted && !this.#isStep(at.expectation.p99))
      return this.#atCount(at, replicas + 1, "it would be no faster than what costs less", noStep);
    this.#simulated++;
    const verdict = judge(configuration, question, rate / replicas, at.expectation.worst > DOUBTFUL);
    if (isBroken(verdict)) {
      const { missed, counted, goal } = verdict;
      return this.#more(
        at,
        `at least ${missed} of ${counted} requests would miss ${goal.words}, where ${goal.allowed} may`,
      );
    }
    this.#rows.push(
      rowOf(configuration, possible, { capacity, replicas, because: at.because, confirmed: verdict }, question),
    );
    this.#families.add(configuration.family);
    this.#fastest = Math.min(this.#fastest, at.expectation.p99);
    return this.#atCount({ ...at, hasRow: true }, replicas + 1, "it would be slower");
  }

  /** The same with more replicas, since this many miss a goal. */
  #more(at: Waiting, because: string): Waiting | undefined {
    const next = this.#atCount(at, at.replicas + 1, because);
    if (!next || next.usd <= this.#question.usdPerMonth) return next;
    const { replicas } = at;
    return this.#refuse(at, {
      reason: "missesSlo",
      words: `with ${replicas} ${replicas === 1 ? "replica" : "replicas"} ${because}`,
    });
  }

  /** With the next number of replicas that is tried, from `least` on; `otherwise`: why it is no row where there are none left. */
  #atCount(at: Waiting, least: number, because: string | undefined, otherwise?: No): Waiting | undefined {
    const most = this.#question.space.replicas;
    const replicas = countFrom(least);
    if (replicas > most)
      return this.#refuse(at, otherwise ?? { reason: "tooManyReplicas", words: `more than ${most} replicas` });
    const usd = usdPerMonth(at.configuration, replicas);
    return { ...at, replicas, usd, expectation: undefined, ...(because !== undefined && { because }) };
  }

  /** Among the cheapest: the first of its GPU and weights, or where all are asked for, of its configuration. */
  #wanted({ configuration, hasRow }: Waiting): boolean {
    const { rows } = this.#question;
    if (rows === Infinity) return !hasRow;
    return this.#families.size < rows && !this.#families.has(configuration.family);
  }

  /** A step along the front: faster than all that cost no more. */
  #isStep(p99: number): boolean {
    return p99 < STEP * this.#fastest;
  }

  #refuse({ configuration, hasRow }: Pick<Waiting, "configuration" | "hasRow">, { reason, words }: No): undefined {
    if (hasRow) return undefined;
    const seen = this.#refused.get(reason);
    if (seen) seen.count++;
    else this.#refused.set(reason, { count: 1, example: `${configuration.id}: ${words}` });
    return undefined;
  }

  #reasons(): Refused[] {
    return refusals.flatMap((reason) => {
      const found = this.#refused.get(reason);
      return found
        ? [{ reason, configurations: found.count, words: sentenceOf(reason, found.count, found.example) }]
        : [];
    });
  }
}

/** The cheapest is last, where it is taken from; of equal ones, those first of which less is known, then the fastest. */
function dearestFirst(a: Waiting, b: Waiting): number {
  const p99 = (at: Waiting): number => at.expectation?.p99 ?? 0;
  return b.usd - a.usd || p99(b) - p99(a) || (a.configuration.id < b.configuration.id ? 1 : -1);
}

function insert(queue: Waiting[], at: Waiting): void {
  let low = 0;
  let high = queue.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (dearestFirst(queue[middle]!, at) < 0) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, at);
}
