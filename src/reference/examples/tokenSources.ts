import { tokenSources } from "perflab";

console.log(tokenSources.join(", "));
