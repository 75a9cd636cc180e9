import { breakEven } from "perflab";

const even = breakEven({ gpuHour: 3, gpus: 1, outputTokensPerSecond: 2500, apiPerMillionOutputTokens: 2 });
console.log("busy", (even.utilisation * 100).toFixed(0), "% of the time:", even.possible);
