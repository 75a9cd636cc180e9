import { kvParts, model } from "perflab";

const { perToken, fixed } = kvParts(model("llama-3.1-8b"), 8192);
console.log(perToken, "bytes a token, and", fixed, "whatever the context");
