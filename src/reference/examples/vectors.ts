import { vectors } from "perflab";

const { dim, values } = vectors({ kind: "clustered", count: 100, dim: 8 });
console.log(values.length / dim, "vectors of", dim);
