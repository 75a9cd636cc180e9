/** The estimator's worker: simulates, so that the page stays quick. */
import { answerQuestions } from "../tools/worker-job.ts";
import { refine, type Refined, type RefineQuestion } from "./refine.ts";

answerQuestions<RefineQuestion, Refined>((question, progress) => refine(question, progress));
