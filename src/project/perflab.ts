/** What a downloaded lab imports as "perflab": the same engine as in the browser, and what runs the lab under Node. */
export * from "../lab/perflab.ts";
export { runProject } from "./run-project.ts";
