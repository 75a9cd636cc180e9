/** The free workspace: the bench of a lab with nothing to pass. It is no folder of labs/, so that neither progress nor proofs count it. */
import type { LabSetup } from "./setup.ts";

/** Its place among the labs; no lab may have this name (lab-id.ts). */
export const workspaceId = "workspace";

/** What the workspace says about itself, as lab.yaml does for a lab. Its starter is labs/workspace.ts. */
export const workspace = {
  id: workspaceId,
  title: "Workspace",
  params: {},
  // What benchmark() runs on until an endpoint is chosen.
  server: { model: "llama-3.1-8b", gpu: "h100-sxm-80" },
  // As in the tools whose code opens here.
  parameters: "fitted",
  seed: 1,
  targets: ["simulated", "endpoint"],
  budget: { requests: 2000, tokens: 2_000_000 },
  limit: 30,
  checks: [],
  text: {
    question: "Any code on the engine of the course: simulate, estimate, measure, draw.",
    steps: [
      "Change the code and press Run. Nothing here is graded, and nothing counts towards the course.",
      "Every run is kept under Runs, where two or more are compared, named and taken away.",
      "`benchmark` measures the target above the result: the simulated server, or an endpoint of your own.",
    ],
    hints: [],
  },
  files: {},
} as const satisfies Omit<LabSetup, "starter" | "starterHash" | "urls">;
