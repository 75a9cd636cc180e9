import { trace, expand } from "perflab";

const requests = expand(trace("azure-code-2023"));
console.log(requests.length, "requests in", (requests.at(-1)!.at / 60).toFixed(0), "minutes");
