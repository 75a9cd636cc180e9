/** Speculative decoding: how many drafts each step keeps, drawn per request and position, and what drafting costs. */
import { createRandom, hashWord } from "../../random.ts";
import type { ResolvedServer } from "../../server.ts";
import type { StepFeatures, StepModel } from "../../step/types.ts";
import { emptyFeatures } from "../features.ts";

export interface Speculation {
  readonly draftTokens: number;
  /** Drafts kept of `drafts`, when the request has generated so many tokens. The first wrong one ends the row. */
  accepted(request: number, generated: number, drafts: number): number;
  /** Seconds spent drafting in a step of these features. */
  draftSeconds(step: { readonly features: StepFeatures }): number;
}

/**
 * Each draft is right with the given probability, independently (Leviathan et al. 2023). The draw depends on the seed, the
 * request and the position alone, so that two servers under one seed agree on the text. A draft token costs `draftCost` of the
 * target's own decode step.
 */
export function speculationOf(server: ResolvedServer, model: StepModel, seed: number): Speculation | undefined {
  if (!server.speculation) return undefined;
  const { acceptance, draftTokens, draftCost } = server.speculation;
  const key = createRandom(seed, "speculation").word();
  const bar = acceptance * 4294967296;
  const f = emptyFeatures();
  return {
    draftTokens,
    accepted(request, generated, drafts) {
      const own = hashWord(key, request);
      let kept = 0;
      while (kept < drafts && hashWord(own, generated + kept) < bar) kept++;
      return kept;
    },
    draftSeconds({ features }) {
      const drafting = features.tokens - features.prefillTokens;
      if (drafting === 0) return 0;
      f.tokens = f.sequences = f.sampled = drafting / (1 + draftTokens);
      f.decodeContext = features.decodeContext;
      f.decodeContextWindowed = features.decodeContextWindowed;
      return draftTokens * draftCost * model.seconds(f);
    },
  };
}
