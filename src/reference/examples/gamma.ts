import { expand, fixed, gamma } from "perflab";

const requests = expand({ arrivals: gamma(10, 0.25), prompt: fixed(100), output: fixed(10), requests: 6, seed: 1 });
console.log(requests.map(({ at }) => at.toFixed(2)).join(" "), "s");
