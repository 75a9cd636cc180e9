/** The cost of one engine step on a given server. */
import { InputError } from "../errors.ts";
import type { ResolvedServer } from "../server.ts";
import { courseModel, type CourseParameters } from "./course.ts";
import { rooflineModel, type RooflineParameters } from "./roofline.ts";
import type { StepModel } from "./types.ts";

/**
 * Folds a server's constants into a step model: `seconds(features)` then costs a few dozen multiplications and allocates
 * nothing. Seconds, FLOP and bytes are those of one full pass through the model, all pipeline stages included.
 */
export function stepModel(server: ResolvedServer): StepModel {
  const { parameters } = server;
  if (parameters["form"] === "course") return courseModel(server, parameters as CourseParameters);
  if (parameters["form"] === "roofline") return rooflineModel(server, parameters as RooflineParameters);
  throw new InputError("parameters.form", parameters["form"], '"roofline" or "course"');
}
