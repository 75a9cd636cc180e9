import { clamp, lognormal, sample } from "perflab";

console.log(Math.max(...sample(clamp(lognormal({ mean: 500, sigma: 1 }), 16, 2048), 10_000)));
