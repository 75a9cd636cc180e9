import { openStream } from "perflab";

let first: number | undefined;
let bytes = 0;
for await (const chunk of openStream({ prompt: "Why is the sky blue?", maxTokens: 20 })) {
  first ??= chunk.t;
  bytes += chunk.bytes.length;
}
console.log("first bytes after", (first! * 1000).toFixed(1), "ms;", bytes, "bytes in all");
