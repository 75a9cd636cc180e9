import { percentile } from "perflab";

const seconds = [0.31, 0.28, 0.35, 1.9, 0.3];
console.log(percentile(seconds, 50), percentile(seconds, 90), percentile(seconds, 90, "nearest-rank"));
