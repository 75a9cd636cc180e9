import { catalog, gpuPrice } from "perflab";

const { id, on, usdPerHour } = gpuPrice(catalog.gpuPrices[0]!.id);
console.log(`${id} on ${on}: ${usdPerHour} USD an hour`);
