import { constant, expand, fixed } from "perflab";

console.log(expand({ arrivals: constant(2), prompt: fixed(100), output: fixed(10), requests: 4 }).map(({ at }) => at));
