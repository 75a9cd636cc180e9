import { bounds } from "perflab";

console.log(bounds.join(", "));
