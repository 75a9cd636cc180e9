/** The samples of a distribution chart, checked and sorted. */
import { checkOptions, optionsOf, optionsNamed } from "../options.ts";
import type { DistributionChart } from "./types.ts";
import { checkChart, checkAxis, checkList, checkMarks, checkNumber, checkSome, checkText } from "./validate.ts";

export interface SortedSample {
  readonly name: string;
  readonly values: Float64Array;
}

const oneSample = optionsNamed({ others: ["name", "values"] });
const distributionOptions = optionsOf<DistributionChart>({
  title: "anything",
  says: "anything",
  x: "anything",
  samples: "anything",
  marks: "anything",
});

/** Throws InputError for what can't be drawn. */
export function sortedSamplesOf(c: DistributionChart): SortedSample[] {
  checkChart(c, distributionOptions);
  checkText(c.title, "title");
  checkAxis(c.x, "x");
  checkSome(c.samples, "samples", 24);
  checkMarks(c.marks, c.x, undefined);
  return c.samples.map((sample, s) => {
    checkOptions(`samples[${s}]`, sample, oneSample);
    const { name, values } = sample;
    checkText(name, `samples[${s}].name`);
    checkList(values, `samples[${s}].values`);
    const copy = new Float64Array(values.length);
    const least = c.x.scale === "log" ? Number.MIN_VALUE : -Infinity;
    let ascending = true;
    for (let i = 0; i < copy.length; i++) {
      // The name of a place is made only where it is needed: there may be a million.
      const value = values[i];
      if (typeof value !== "number" || !Number.isFinite(value) || value < least)
        checkNumber(value, c.x, `samples[${s}].values[${i}]`);
      copy[i] = value;
      if (i > 0 && copy[i] < copy[i - 1]) ascending = false;
    }
    return { name, values: ascending ? copy : copy.sort() };
  });
}
