import { decodeStep, type Server } from "perflab";
import { check, exportedFunction, that } from "perflab/checks";

const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };

type UsersWithin = (factor: number, context: number) => number;

const wait = (users: number, context: number) => decodeStep(server, { batch: users, context }).seconds;

/** The most users within the limit: the wait grows with their number, so the answer can be halved towards. */
function most(factor: number, context: number): number {
  let low = 1;
  let high = 4096;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (wait(middle, context) <= factor * wait(1, context)) low = middle;
    else high = middle - 1;
  }
  return low;
}

export default [
  check("usersWithin lets in as many as the limit allows", (lab) => {
    const usersWithin = exportedFunction<UsersWithin>(lab, "usersWithin(factor, context)");
    const cases = [
      [1, 4096],
      [2, 512],
      [1.5, 8192],
      [1 + (1 + (lab.seed % 90)) / 60, 512 + 256 * (lab.seed % 31)],
    ] as const;
    for (const [factor, context] of cases) {
      const right = most(factor, context);
      const answer = usersWithin(factor, context);
      const seen = `usersWithin(${factor.toFixed(3)}, ${context}) is ${String(answer)}`;
      that(typeof answer === "number" && Number.isInteger(answer) && answer >= 1, {
        seen,
        expected: `${right}`,
        why: "The answer is a number of users, and one user alone is always within the limit.",
        hint: "Count users, starting at one.",
      });
      that(answer <= right, {
        seen,
        expected: `${right}`,
        why: `With ${answer} users each waits ${times(answer, context)} as long as one alone, more than ${factor.toFixed(3)} times.`,
        hint: "Look at the wait with one more user before you let them in.",
      });
      that(answer === right, {
        seen,
        expected: `${right}`,
        why: `There is room for more: with ${right} users each waits only ${times(right, context)} as long as one alone.`,
        hint: "Let users in one by one for as long as the wait with one more is at most factor times the wait alone.",
      });
    }
  }),
  check("usersWithin looks at the context it is given", (lab) => {
    const usersWithin = exportedFunction<UsersWithin>(lab, "usersWithin(factor, context)");
    const [short, long] = [usersWithin(2, 512), usersWithin(2, 8192)];
    that(short > long, {
      seen: `${short} users with 512 tokens of context, ${long} with 8,192`,
      expected: `${most(2, 512)} and ${most(2, 8192)}`,
      why: "Each user's own cache is read in every step, so longer contexts leave room for fewer users.",
      hint: "Hand context on to wait, in both places.",
    });
  }),
];

function times(users: number, context: number): string {
  return `${(wait(users, context) / wait(1, context)).toFixed(3)} times`;
}
