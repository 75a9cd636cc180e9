import { speculation } from "perflab";

console.log(speculation.expectedTokens(0.8, 4).toFixed(2), "tokens a step");
console.log(speculation.speedup(0.8, 4, 0.05).toFixed(2), "times as fast");
