/** The twin's worker: fits, keeps the fit, and asks it about loads. */
import { twinOf, type Twin } from "../../engine/calibrate/calibrate.ts";
import { answerQuestions } from "../tools/worker-job.ts";
import type { Answer, Question } from "./question.ts";

let held: Twin | null = null;

answerQuestions<Question, Answer>((question, progress) => {
  if (question.kind === "fit") {
    const twin = twinOf(question.server, question.observations, progress);
    held = twin;
    const { parameters, unidentifiable, heldOut } = twin.calibration;
    return { fitted: { parameters, unidentifiable, heldOut, evidence: twin.evidence } };
  }
  const twin = held;
  if (twin === null) throw new Error("nothing is fitted yet");
  return {
    foretold: question.loads.map((load, i) => {
      progress((i + 1) / question.loads.length);
      return { load, twin: twin.calibration.predict(load), model: twin.model(load), before: twin.before(load) };
    }),
  };
});
