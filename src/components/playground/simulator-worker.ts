/** The simulator's worker: holds the trace that is replayed, and simulates. The page has two, one for sliders and one for what takes long. */
import type { RequestTable } from "../../engine/workload/request-table.ts";
import { answerQuestions } from "../tools/worker-job.ts";
import { readOwnTrace } from "./own-trace.ts";
import { picture, requestsWhileMoving } from "./picture.ts";
import type { Answer, Question } from "./question.ts";
import { stepByStep } from "./steps.ts";
import { sweep } from "./sweep.ts";

let table: RequestTable | undefined;

answerQuestions<Question, Answer>(async (question, progress) => {
  switch (question.kind) {
    case "hold":
      ({ table } = question);
      return { kind: "held" };
    case "read": {
      const { name, source } = question;
      return { kind: "read", trace: readOwnTrace(name, typeof source === "string" ? source : await source.text()) };
    }
    case "picture": {
      const { setup, view, moving } = question;
      const replayed = setup.load.kind === "replay" ? table : undefined;
      if (moving)
        return {
          kind: "picture",
          picture: picture(setup, { table: replayed, view, atMost: requestsWhileMoving(setup.load, replayed) }),
        };
      return {
        kind: "picture",
        picture: picture(setup, { table: replayed, view, atMost: Infinity, onProgress: often(progress) }),
      };
    }
    case "sweep":
      return { kind: "sweep", sweep: sweep(question.setup, table, often(progress)) };
    case "steps":
      return { kind: "steps", figure: stepByStep(question.setup, table) };
  }
});

/** One message a hundredth. */
function often(progress: (share: number) => void): (share: number) => void {
  let said = -1;
  return (share) => {
    const hundredth = Math.floor(share * 100);
    if (hundredth !== said) progress(hundredth / 100);
    said = hundredth;
  };
}
