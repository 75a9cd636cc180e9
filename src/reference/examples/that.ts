import { that } from "perflab/checks";

const sorted = [10, 9, 100];
try {
  that(sorted[0] === 9, { seen: sorted.join(", "), expected: "9, 10, 100", why: "Numbers sort as text by default." });
} catch (failure) {
  console.log((failure as Error).message);
}
