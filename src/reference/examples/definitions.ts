import { definitions } from "perflab";

console.log(definitions.join(", "));
