import { apiCost, catalog } from "perflab";

const list = catalog.prices[0]!;
const { total } = apiCost(list, { input: 2000, output: 300 });
console.log(list.id, total.toFixed(5), "USD a request");
