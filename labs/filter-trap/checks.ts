import { recall, type SearchResult, type VectorIndex } from "perflab";
import { check, close, exportedFunction, that } from "perflab/checks";
import { count, filterOf, library, type Library } from "./library.ts";

type ExpectedRows = (ef: number, selectivity: number) => number;
type Filtered = (index: VectorIndex, query: Float32Array, filter: Uint8Array) => SearchResult;

const most = 220;
const percent = (s: number) => `${(100 * s).toFixed(0)} %`;

/** Means over all questions. */
function measure({ hnsw, exact, queries }: Library, filtered: Filtered, filter: Uint8Array) {
  let [rows, found, distances] = [0, 0, 0];
  for (const query of queries) {
    const answer = filtered(hnsw, query, filter) as SearchResult | undefined;
    that(answer?.ids !== undefined, {
      seen: String(answer),
      expected: "what index.search gives",
      why: "filtered is a search, so it returns one's result.",
    });
    const truth = exact.search(query, 10, { filter, strategy: "pre" }).ids;
    that(
      [...answer!.ids].every((id) => filter[id] === 1),
      {
        seen: "a row that the filter does not let through",
        expected: "none",
        why: "To leave the filter out gives ten rows, and those of another customer among them.",
      },
    );
    rows += answer!.ids.length / truth.length / queries.length;
    found += recall(answer!.ids, truth) / queries.length;
    distances += answer!.evaluations / queries.length;
  }
  return { rows: 10 * rows, recall: found, distances };
}

export default [
  check("expectedRows says what a filter leaves of the candidates", (lab) => {
    const expectedRows = exportedFunction<ExpectedRows>(lab, "expectedRows(ef, selectivity)");
    const ef = 20 + (lab.seed % 60);
    for (const [candidates, s] of [
      [40, 0.1],
      [40, 0.01],
      [ef, 0.05],
      [200, 0.5],
      [40, 1],
    ] as const) {
      const answer = expectedRows(candidates, s);
      const right = Math.min(10, candidates * s);
      const show = { seen: `${answer} rows at ef ${candidates} and ${percent(s)}`, expected: `${right}` };
      that(answer <= 10, { ...show, why: "No more than the ten that are asked for." });
      that(right === 10 || Math.abs(answer - 10) > 1e-9, {
        ...show,
        why: "Ten are asked for, and the search has not heard of the filter: it brings its candidates, and most of them fall away.",
      });
      that(right === 10 || Math.abs(answer - 10 * s) > 1e-9, {
        ...show,
        why: "The filter is applied to all ef candidates, not to the ten nearest of them.",
      });
      close(answer, right, {
        relative: 1e-6,
        what: `rows at ef ${candidates} and ${percent(s)}:`,
        why: "Of ef candidates a share as large as the selectivity passes, and ten are enough.",
      });
    }
  }),

  check("filtered brings ten rows, and nearly the right ones, however strict the filter", (lab) => {
    const filtered = exportedFunction<Filtered>(lab, "filtered(index, query, filter)");
    const data = library(1 + (lab.seed % 5));
    for (const s of [0.04, 0.12, 0.3, 0.8]) {
      const { rows, recall: found, distances } = measure(data, filtered, filterOf(s, lab.seed % 100_000));
      const seen = `${rows.toFixed(1)} of 10 rows at ${percent(s)}`;
      that(rows > 9.5, {
        seen,
        expected: "10",
        why: "The filter came after the search, and there was little left for it to keep.",
        hint: 'strategy: "pre" looks at what passes only, "iterative" searches wider until ten pass.',
      });
      that(rows < 10.001, { seen, expected: "10", why: "Ten are asked for, the nearest ten that pass." });
      that(found >= 0.9, {
        seen: `a recall of ${percent(found)} at ${percent(s)}`,
        expected: "at least 90 %",
        why: "Ten rows pass, but nearer ones were missed: the list of candidates is too short for a filter like this.",
        hint: "The stricter the filter, the larger ef must be. Some 15 ÷ selectivity will do.",
      });
      that(distances <= most, {
        seen: `${distances.toFixed(0)} distances for a question at ${percent(s)}`,
        expected: `at most ${most} of ${count}`,
        why:
          s > 0.3
            ? "Filtering first compares the question with everything that passes, and here that is most of the collection. The graph would find it with less."
            : "The walk searches wider and wider for what hardly exists. So few pass that looking at all of them is cheaper.",
        hint: "Count how many the filter lets through, and choose the strategy by that.",
      });
    }
  }),
];
