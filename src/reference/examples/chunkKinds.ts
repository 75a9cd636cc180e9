import { chunkKinds } from "perflab";

const kind = chunkKinds.content | chunkKinds.finish;
console.log((kind & chunkKinds.content) !== 0, (kind & chunkKinds.reasoning) !== 0);
