import { expand, fixed, poisson } from "perflab";

const [first] = expand({ arrivals: poisson(5), prompt: fixed(300), output: fixed(40), requests: 2, seed: 7 });
console.log(first);
