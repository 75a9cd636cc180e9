import { check, type LabUnderTest } from "perflab/checks";

// Beyond passing: the cheaper the plan, the more points. The best that passed is kept with the learner's progress.
const cheap = check("The plan is within the budget", (lab) => {
  const cost = Number(lab.exports["cost"]);
  lab.award(Math.round(100 * (1 - cost / 5000)));
});

const lab: LabUnderTest = {
  exports: { cost: 1200 },
  runs: [],
  charts: [],
  seed: 1,
  params: {},
  measured: false,
  award: (points) => console.log(`${points} points`),
};
await cheap.test(lab);
