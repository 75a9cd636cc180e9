import { selfHostedCost } from "perflab";

const { perMillionOutputTokens } = selfHostedCost({
  gpuHour: 3,
  gpus: 1,
  outputTokensPerSecond: 2500,
  utilisation: 0.4,
});
console.log(perMillionOutputTokens.toFixed(2), "USD a million tokens");
