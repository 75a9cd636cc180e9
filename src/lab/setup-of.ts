/** What a lab's page knows of it from lab.yaml and starter.ts alone. */
import type { LabDefinition } from "./definition.ts";
import { sourceHash } from "./hash.ts";
import type { LabSetup } from "./setup.ts";

export type StatedSetup = Omit<LabSetup, "id" | "checks" | "files" | "urls" | "picture" | "traces">;

export function setupOf(definition: LabDefinition, starter: string): StatedSetup {
  const { minutes, question, steps, hints, debrief, stretch } = definition;
  return {
    title: definition.title,
    starter,
    starterHash: sourceHash(starter),
    params: definition.params,
    ...(definition.prediction && { prediction: definition.prediction }),
    ...(definition.server && { server: definition.server }),
    parameters: definition.parameters,
    seed: definition.seed,
    targets: definition.targets,
    budget: definition.budget,
    ...(definition.sends && { sends: definition.sends }),
    limit: definition.limit,
    text: { minutes, question, steps, hints, debrief, ...(stretch === undefined ? {} : { stretch }) },
  };
}
