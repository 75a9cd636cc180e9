import { seed } from "perflab";

console.log("seed", seed);
