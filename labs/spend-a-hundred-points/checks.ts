import { check, close, exportedFunction, that } from "perflab/checks";
import { levers, measure, type Clocks, type Lever } from "./levers.ts";

type See = (done: readonly Lever[]) => Clocks;
type PerPoint = (lever: Lever, done: readonly Lever[], see: See) => number;
type Next = (done: readonly Lever[], see: See) => Lever | undefined;

const all = Object.keys(levers) as Lever[];
const best: readonly Lever[] = ["reuse", "keepAlive", "shortPrompts", "fp8"];
const cost = (of: readonly Lever[]) => of.reduce((sum, lever) => sum + levers[lever].points, 0);
const ms = (seconds: number) => `${(seconds * 1000).toFixed(0)} ms`;

/** A made-up server on which levers overlap: each takes a share of what the others have left. */
function madeUp(seed: number): See {
  const share = (lever: Lever) => ((seed + 7 * all.indexOf(lever)) % 11) / 20 + 0.05;
  return (done) => ({
    ttft: done.reduce(
      (left, lever) => left * (lever === "speculate" ? 1.02 : 1 - share(lever)),
      0.2 + (seed % 10) / 10,
    ),
    itl: done.includes("largeSteps") && !done.includes("shortPrompts") ? 0.075 : 0.02,
  });
}

function rightNext(done: readonly Lever[], see: See): Lever | undefined {
  const saved = (lever: Lever) => (see(done).ttft - see([...done, lever]).ttft) / levers[lever].points;
  return all
    .filter((lever) => !done.includes(lever) && cost([...done, lever]) <= 100)
    .filter((lever) => see([...done, lever]).itl <= 0.06 && saved(lever) > 0)
    .sort((a, b) => saved(b) - saved(a))[0];
}

export default [
  check("A lever is worth what it saves on top of what is done, for each point", (lab) => {
    const perPoint = exportedFunction<PerPoint>(lab, "perPoint(lever, done, see)");
    const see = madeUp(lab.seed);
    const lever = all[lab.seed % 4] ?? "reuse";
    for (const done of [[], ["fp8"], ["fp8", "secondGpu"]] as const) {
      const saved = see(done).ttft - see([...done, lever]).ttft;
      const answer = perPoint(lever, done, see);
      const show = {
        seen: `${answer} after ${done.join(" and ") || "nothing"}`,
        expected: String(saved / levers[lever].points),
      };
      const alone = (see([]).ttft - see([lever]).ttft) / levers[lever].points;
      that(Math.abs(answer - alone) > 1e-12 || Math.abs(saved / levers[lever].points - alone) < 1e-12, {
        ...show,
        why: "That is what it saves by itself. Two levers that shorten the same wait can't both have all of it.",
        hint: "see(done) is how it is before, see([...done, lever]) how it is after.",
      });
      that(Math.abs(answer - saved) > 1e-12 || Math.abs(saved) < 1e-12, {
        ...show,
        why: "That is what it saves in all. A lever of 60 points must save twelve times as much as one of 5.",
      });
      close(answer, saved / levers[lever].points, {
        absolute: 1e-12,
        what: `seconds a point of ${lever}, after ${done.join(" and ") || "nothing"}:`,
        why: "The seconds before less the seconds after, divided by its points.",
      });
    }
  }),

  check("next is affordable, keeps streams smooth, helps, and is worth most", (lab) => {
    const next = exportedFunction<Next>(lab, "next(done, see)");
    for (let k = 0; k < 6; k++) {
      const see = madeUp(lab.seed + 3 * k);
      let done: Lever[] = k % 2 === 0 ? [] : ["secondServer"];
      for (let right = rightNext(done, see); ; right = rightNext(done, see)) {
        const answer = next(done, see);
        const show = { seen: `${answer} after ${done.join(", ") || "nothing"}`, expected: String(right) };
        if (answer !== undefined) {
          that(!done.includes(answer), { ...show, why: "That is done already." });
          that(cost([...done, answer]) <= 100, {
            ...show,
            why: `With it ${cost([...done, answer])} points are spent, and there are 100.`,
          });
          that(see([...done, answer]).itl <= 0.06, {
            ...show,
            why: "With it one gap in a hundred is longer than 60 ms. Larger steps bring first tokens forward and make everybody else stutter.",
            hint: "see([...done, lever]).itl must be at most smooth.",
          });
          that(see([...done, answer]).ttft < see(done).ttft, {
            ...show,
            why: "It saves nothing. Points are not there to be spent.",
          });
        }
        that(answer === right, {
          ...show,
          why: "Of those that can be paid, keep streams smooth and help, it is the one with the most seconds a point.",
          hint: "filter, then sort by perPoint(b, done, see) − perPoint(a, done, see).",
        });
        if (right === undefined) break;
        done = [...done, right];
      }
    }
  }),

  check("next is undefined where nothing helps", (lab) => {
    const next = exportedFunction<Next>(lab, "next(done, see)");
    const worse: See = (done) => ({ ttft: 0.1 + ((lab.seed % 9) + 1) * 0.01 * done.length, itl: 0.02 });
    const answer = next([], worse);
    that(answer === undefined, {
      seen: String(answer),
      expected: "undefined",
      why: "On this server every lever makes the first token later. Points are not there to be spent.",
      hint: "perPoint must be above 0.",
    });
  }),

  check("Your plan costs at most 100 points and is near the best, on traffic you have not seen", (lab) => {
    const plan = lab.exports["plan"];
    that(Array.isArray(plan) && plan.every((lever) => all.includes(lever as Lever)), {
      seen: String(plan),
      expected: "a list of levers",
      why: `Each is one of ${all.join(", ")}.`,
    });
    const chosen = [...new Set(plan as Lever[])];
    that(cost(chosen) <= 100, {
      seen: `${cost(chosen)} points`,
      expected: "at most 100",
      why: "You can't pay for it.",
    });
    const seeds = [0, 1].map((k) => 1000 + ((lab.seed + k) % 100_000));
    const [after, right] = [measure(chosen, seeds), measure(best, seeds)];
    that(after.itl <= 0.06, {
      seen: `gaps of ${ms(after.itl)} at p99`,
      expected: "at most 60 ms",
      why: "Your first tokens are early and your streams stutter.",
    });
    const hardware = chosen.includes("secondGpu") || chosen.includes("secondServer");
    that(after.ttft <= 1.15 * right.ttft, {
      seen: `a p99 of ${ms(after.ttft)} for ${cost(chosen)} points`,
      expected: `about ${ms(right.ttft)}, which can be had for ${cost(best)} points`,
      why: hardware
        ? "Hardware took most of your points. It makes work faster that need not be done at all."
        : "There are points left that would take more off, or some were spent on what does not help a first token.",
      hint: "Press Run with your plan, and look what the table says the others would still save.",
    });
  }),
];
