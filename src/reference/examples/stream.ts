import { stream } from "perflab/checks";

const { chunks, truth } = stream({ tokensPerChunk: 2 }, 7);
let n = 0;
for await (const _chunk of chunks) n++;
console.log(n, "chunks; the first token truly came after", (truth.ttft * 1000).toFixed(0), "ms");
