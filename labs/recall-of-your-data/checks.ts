import { recall, type VectorIndex } from "perflab";
import { check, close, exportedFunction, that } from "perflab/checks";
import { collection, type Collection } from "./data.ts";

interface Point {
  readonly recall: number;
  readonly distances: number;
}
type Measure = (data: Collection, ef: number) => Point;
type SmallestEf = (data: Collection, target: number) => number | undefined;
type Saving = (data: Collection, target: number) => number;

const efs = [10, 14, 20, 28, 40, 56, 80, 112, 160];

/** An index of which it is known what it finds: `right(ef, query)` of the true ten, 0 to 9, for `cost(ef, query)` distances. */
function known(right: (ef: number, query: number) => number, cost: (ef: number, query: number) => number): Collection {
  const count = 4000;
  const queries = [0, 1, 2, 3].map((i) => Float32Array.of(i));
  const answer = (ids: number[], evaluations: number) => ({
    ids: Int32Array.from(ids),
    distances: new Float32Array(ids.length),
    evaluations,
  });
  const ten = Array.from({ length: 10 }, (_, i) => i);
  const hnsw: VectorIndex = {
    bytes: 0,
    search(query, k, { ef = 40 } = {}) {
      const hits = right(ef, query[0] ?? 0);
      // The misses come first, so that whoever looks at the nearest one alone sees none.
      const ids = [...ten.map((i) => 100 + i).slice(0, 10 - hits), ...ten.slice(0, hits)];
      return answer(ids.slice(0, k), cost(ef, query[0] ?? 0));
    },
  };
  return { count, hnsw, queries, truth: queries.map(() => Int32Array.from(ten)) };
}

/** Recall grows by a tenth with each ef, from `first` tenths on; the last of the four questions is harder by two tenths. */
const stairs = (first: number): Collection =>
  known(
    (ef, query) => Math.max(0, Math.min(10, first + efs.indexOf(ef)) - (query === 3 ? 2 : 0)),
    (ef, query) => 10 * ef + 20 * query,
  );
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function rightSaving({ hnsw, queries, truth, count }: Collection, target: number): number {
  for (const ef of efs) {
    const results = queries.map((query) => hnsw.search(query, 10, { ef }));
    const found = results.reduce((sum, { ids }, i) => sum + recall(ids, truth[i] ?? []), 0);
    const distances = results.reduce((sum, { evaluations }) => sum + evaluations, 0);
    if (found / queries.length >= target) return count / (distances / queries.length);
  }
  return 1;
}

export default [
  check("measure gives the mean recall and the mean distances over all questions", (lab) => {
    const measure = exportedFunction<Measure>(lab, "measure(data, ef)");
    const data = stairs(1 + (lab.seed % 3));
    const ef = efs[3 + (lab.seed % 4)] ?? 40;
    const results = data.queries.map((query) => data.hnsw.search(query, 10, { ef }));
    const each = results.map(({ ids }, i) => recall(ids, data.truth[i] ?? []));
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const answer = measure(data, ef);
    that(typeof answer === "object" && answer !== null, {
      seen: String(answer),
      expected: "{ recall, distances }",
      why: "What is found, and what it costs.",
    });
    const show = { seen: `a recall of ${percent(answer.recall)}`, expected: percent(mean(each)) };
    that(answer.recall <= 1, { ...show, why: "A share is at most one: divide by the number of questions." });
    that(Math.abs(answer.recall - mean(results.map(({ ids }) => ids.length / 10))) > 1e-9, {
      ...show,
      why: "That is how many rows came back. An index always gives ten; the question is whether they are the right ten.",
      hint: "recall(found, truth), with the truth of the same question.",
    });
    that(Math.abs(answer.recall - (each[0] ?? NaN)) > 1e-9, {
      ...show,
      why: "That is the first question alone. Questions differ; the last one here is the hardest.",
    });
    that(Math.abs(answer.recall - Math.min(...each)) > 1e-9, {
      ...show,
      why: "That is the worst question. A recall target is about the mean.",
    });
    close(answer.recall, mean(each), {
      absolute: 1e-9,
      what: "recall of four questions:",
      why: "The share of the true ten among the ten found, then the mean over the questions.",
      hint: "recall(ids, truth[i]), with all ten of both.",
    });
    close(answer.distances, mean(results.map(({ evaluations }) => evaluations)), {
      relative: 1e-9,
      what: "distances for a question:",
      why: "The mean of what the graph computed.",
    });
  }),

  check("smallestEf finds the first ef that is good enough, or says that there is none", (lab) => {
    const smallestEf = exportedFunction<SmallestEf>(lab, "smallestEf(data, target)");
    const first = lab.seed % 3;
    const data = stairs(first);
    const at = 2 + (lab.seed % 5);
    const exactly = (first + at - 0.5) / 10 - 0.001;
    for (const [target, right] of [
      [exactly, efs[at]],
      [exactly - 0.02, efs[at]],
      [exactly + 0.02, efs[at + 1]],
      [0.96, undefined],
    ] as const) {
      const answer = smallestEf(data, target);
      const show = { seen: `${answer} for a recall of ${percent(target)}`, expected: String(right) };
      that(right !== undefined || answer === undefined, {
        ...show,
        why: "No ef of the list gets there. An answer that does not keep the target is worse than none.",
      });
      const got = answer === undefined ? 0 : (first + efs.indexOf(answer) - 0.5) / 10;
      that(right === undefined || got >= target - 1e-9, {
        ...show,
        why: `At ${answer} it is ${percent(got)}.`,
        hint: "Go through efs from the smallest, and measure each.",
      });
      that(answer === right, {
        ...show,
        why: "A smaller one is enough, and computes less.",
      });
    }
  }),

  check("saving compares with an exact search, on vectors you have not seen", (lab) => {
    const saving = exportedFunction<Saving>(lab, "saving(data, target)");
    const data = stairs(2);
    close(saving(data, 0.54), 4000 / (10 * (efs[4] ?? 40) + 30), {
      relative: 1e-6,
      what: "times fewer distances at a recall of 54 %:",
      why: "An exact search computes one distance for each of the 4,000 vectors, the graph 430 at ef 40.",
      hint: "data.count over the distances at the smallest ef.",
    });
    close(saving(data, 0.99), 1, {
      absolute: 0,
      what: "where no ef reaches the target:",
      why: "Then you search exactly, which saves nothing.",
    });
    for (const kind of ["clustered", "gaussian"] as const) {
      const unseen = collection(kind, 240, 4, lab.seed % 1000);
      close(saving(unseen, 0.95), rightSaving(unseen, 0.95), {
        relative: 1e-6,
        what: `times fewer distances among 240 ${kind} vectors, at 95 %:`,
        why: "An exact search compares with every vector of the collection that it was given, and this one is small.",
        hint: "data.count says how many they are.",
      });
    }
  }),
];
