import { percentile, tail } from "perflab";

console.log((tail.fanout(0.01, 100) * 100).toFixed(0), "% of pages that make 100 calls wait for a slow one");
const latencies = Array.from({ length: 1000 }, (_, i) => (i % 50 === 0 ? 2 : 0.1));
console.log(percentile(latencies, 99), "s →", percentile(tail.hedge(latencies, 0.2), 99), "s when asked twice");
