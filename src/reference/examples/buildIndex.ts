import { buildIndex, vectors } from "perflab";

const data = vectors({ kind: "clustered", count: 2000, dim: 32, seed: 1 });
const index = buildIndex("ivf", data, { lists: 40, seed: 1 });
const query = data.values.slice(0, 32);
const { ids, evaluations } = index.search(query, 3, { probes: 4 });
console.log("nearest", ids[0], "after", evaluations, "distances instead of 2000");
