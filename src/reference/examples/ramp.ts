import { expand, fixed, ramp } from "perflab";

const requests = expand({ arrivals: ramp(1, 20, 10), prompt: fixed(100), output: fixed(10), duration: 10, seed: 1 });
console.log(requests.filter(({ at }) => at < 5).length, "in the first half,", requests.length, "in all");
