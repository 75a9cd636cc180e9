import { burst, expand, fixed } from "perflab";

console.log(expand({ arrivals: burst(), prompt: fixed(100), output: fixed(10), requests: 3 }).map(({ at }) => at));
