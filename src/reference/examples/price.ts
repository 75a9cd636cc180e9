import { catalog, price } from "perflab";

const { id, on, input, output } = price(catalog.prices[0]!.id);
console.log(
  `${id} on ${on}: ${(input * 1e6).toFixed(2)} USD in, ${(output * 1e6).toFixed(2)} USD out, a million tokens`,
);
