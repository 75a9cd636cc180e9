/** The shapes of what the simulated endpoint can be set to, at its start and through its control path. */
import { z } from "zod";

const fixedSchema = z.strictObject({
  ttft: z.number().min(0),
  itl: z.number().min(0.0001),
  lockstep: z.boolean().optional(),
});
export const startSchema = z.looseObject({
  fixed: fixedSchema.optional(),
  timeScale: z.number().min(0.001).max(1000).optional(),
  seed: z.int().min(0).optional(),
});
export const controlBody = z.strictObject({
  behaviour: z.record(z.string(), z.unknown()).optional(),
  fixed: fixedSchema.optional(),
  server: z.record(z.string(), z.unknown()).optional(),
  timeScale: z.number().min(0.001).max(1000).optional(),
  clearLog: z.boolean().optional(),
});
