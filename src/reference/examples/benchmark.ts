import { benchmark, constant, fixed, summarize } from "perflab";

const run = await benchmark({ arrivals: constant(2), prompt: fixed(200), output: fixed(40), requests: 20 });
console.log(summarize(run).succeeded, "answers from the target that was picked:", run.origin.kind);
