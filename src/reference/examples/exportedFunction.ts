import { exportedFunction } from "perflab/checks";

const lab = { exports: { gap: (a: number, b: number) => b - a } };
const gap = exportedFunction<(a: number, b: number) => number>(lab, "gap(a, b)");
console.log(gap(1, 3));
