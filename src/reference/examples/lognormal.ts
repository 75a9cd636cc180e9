import { lognormal, percentile, sample } from "perflab";

const tokens = sample(lognormal({ median: 200, sigma: 0.8 }), 10_000);
console.log("median", percentile(tokens, 50), "p99", Math.round(percentile(tokens, 99)));
