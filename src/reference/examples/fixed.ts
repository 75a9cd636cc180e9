import { fixed, sample } from "perflab";

console.log([...sample(fixed(128), 3)]);
