import { check, close, type LabUnderTest } from "perflab/checks";

const checks = [
  check("the mean is a mean", ({ exports }: LabUnderTest) => {
    const mean = exports["mean"] as (values: readonly number[]) => number;
    close(mean([1, 2, 6]), 3, { relative: 1e-9, why: "A mean is the sum over the count." });
  }),
];
console.log(checks[0]!.name);
