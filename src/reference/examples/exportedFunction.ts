import { exportedFunction, type LabUnderTest } from "perflab/checks";

const lab: LabUnderTest = {
  exports: { gap: (a: number, b: number) => b - a },
  runs: [],
  charts: [],
  seed: 0,
  params: {},
  measured: false,
};
const gap = exportedFunction<(a: number, b: number) => number>(lab, "gap(a, b)");
console.log(gap(1, 3));
