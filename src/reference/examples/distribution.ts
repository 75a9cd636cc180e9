import { distribution } from "perflab";

const waits = distribution([0.2, 0.3, 0.25, 0.9]);
console.log(waits.n, "waits, mean", waits.mean, "s, median", waits.p(50), "s");
