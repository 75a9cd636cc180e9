import { chart, decodeStep, param, type Server } from "perflab";

const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };

/** One step writes a token for each of `users`, and everybody waits for it: seconds. */
const wait = (users: number, context: number) => decodeStep(server, { batch: users, context }).seconds;

export const slowdown = wait(64, 512) / wait(1, 512);

/** How many users can share the GPU before each waits `factor` times as long as one alone? */
export function usersWithin(factor: number, context: number): number {
  let users = 1;
  while (wait(users + 1, context) <= factor * wait(1, context)) users += 1;
  return users;
}

const context = param("context");
const users = [1, 2, 4, 8, 16, 32, 64];
chart.line({
  title: "One GPU, more and more users",
  x: { label: "Users at once", scale: "log" },
  y: { label: "Times what it is for one user", scale: "log" },
  series: [
    {
      name: "what the GPU gets done",
      points: users.map((n) => ({ x: n, y: (n * wait(1, context)) / wait(n, context) })),
    },
    { name: "what each user waits", points: users.map((n) => ({ x: n, y: wait(n, context) / wait(1, context) })) },
  ],
});
console.log("Users before everyone waits twice as long:", usersWithin(2, context));
