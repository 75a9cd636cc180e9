import { empirical, sample } from "perflab";

console.log([...sample(empirical([10, 200, 3000]), 6, 1)]);
