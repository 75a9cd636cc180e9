import { queueing } from "perflab";

for (const rate of [5, 8, 9.5]) {
  const { utilisation, sojourn } = queueing.mm1({ rate, service: 0.1 });
  console.log(`${rate}/s: ${(utilisation * 100).toFixed(0)} % busy, ${sojourn.toFixed(2)} s in the system`);
}
console.log(queueing.little({ rate: 8, time: 0.5 }), "requests present on average");
