import { exponential, sample } from "perflab";

console.log([...sample(exponential(100), 5, 1)]);
