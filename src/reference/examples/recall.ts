import { buildIndex, recall, vectors } from "perflab";

const data = vectors({ kind: "gaussian", count: 1000, dim: 16, seed: 1 });
const query = data.values.slice(0, 16);
const truth = buildIndex("flat", data).search(query, 10).ids;
const found = buildIndex("ivf", data, { lists: 30, seed: 1 }).search(query, 10, { probes: 3 }).ids;
console.log(recall(found, truth));
