import { sample, uniform } from "perflab";

console.log([...sample(uniform(1, 6), 8, 42)]);
