import { apiCost, catalog, monthlyCost } from "perflab";

const perRequest = apiCost(catalog.prices[0]!, { input: 2000, output: 300 });
console.log(monthlyCost({ perRequest, requestsPerDay: 10_000 }).total.toFixed(0), "USD a month");
