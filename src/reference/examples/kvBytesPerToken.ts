import { kvBytesPerToken, model } from "perflab";

console.log(kvBytesPerToken(model("llama-3.1-8b")), kvBytesPerToken(model("llama-3.1-8b"), "fp8"));
