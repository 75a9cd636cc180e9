import { percentileInterval } from "perflab";

const seconds = Array.from({ length: 400 }, (_, i) => i / 1000);
console.log(percentileInterval(seconds, 50));
console.log(percentileInterval(seconds.slice(0, 100), 99), "for 100 values: too few to bound a p99");
