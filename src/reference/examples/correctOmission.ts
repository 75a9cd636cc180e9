import { correctOmission, percentile } from "perflab";

// One answer in a second, then one that took five: the requests that waited behind it were never sent.
const seen = [0.1, 0.1, 0.1, 5];
console.log(percentile(seen, 50), "s seen");
console.log(percentile(correctOmission(seen, 1), 50), "s had the client gone on asking");
