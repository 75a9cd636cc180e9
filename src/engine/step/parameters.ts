/** Named parameter sets of the step model. */
import course from "./course.json" with { type: "json" };
import type { CourseParameters } from "./course.ts";
import fitted from "./fitted.json" with { type: "json" };
import ideal from "./ideal.json" with { type: "json" };
import type { RooflineParameters } from "./roofline.ts";

export const parameters = {
  /** Fitted to the measurements in tests/accuracy; what the tools use. */
  fitted: fitted as RooflineParameters,
  /** Every efficiency 1, every overhead 0: the roofline of the datasheet. */
  ideal: ideal as RooflineParameters,
  /** Frozen: the cost model the lessons and labs state. */
  "course-h100-v1": course["course-h100-v1"] as CourseParameters,
  /** Frozen: part 2's single efficiency for Qwen3-4B on an L4. */
  "course-l4-v1": course["course-l4-v1"] as CourseParameters,
  /** Frozen: part 7's tensor-parallel table. */
  "course-tp-v1": course["course-tp-v1"] as CourseParameters,
} as const;
