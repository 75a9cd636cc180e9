/** The finder's worker: searches, so that the page stays quick. */
import { findPlans } from "../../engine/plan/find-plans.ts";
import type { PlanAnswer, PlanQuestion } from "../../engine/plan/types.ts";
import { answerQuestions } from "../tools/worker-job.ts";

answerQuestions<PlanQuestion, PlanAnswer>((question, progress) => {
  let told = 0;
  return findPlans(question, (share) => {
    if (share < told + 0.01) return;
    told = share;
    progress(share);
  });
});
