/** labs/<id>/lab.yaml: what a lab says about itself, checked, with errors that name the file, the field and the fix. */
import { parse } from "yaml";
import { z } from "zod";
import type { Server } from "../engine/server.ts";

const paragraph = z.string().trim().min(1);

const slider = z
  .strictObject({
    label: paragraph.describe("Shown beside the control."),
    unit: z.string().optional().describe("Shown after the value."),
    min: z.number().describe("Smallest value."),
    max: z.number().describe("Largest value."),
    step: z.number().positive().describe("Distance between values."),
    default: z.number().describe("Value at the start, between min and max."),
  })
  .refine((p) => p.min <= p.default && p.default <= p.max, { message: "default must lie between min and max" });

const select = z
  .strictObject({
    label: paragraph.describe("Shown beside the control."),
    options: z
      .array(z.union([z.string(), z.number()]))
      .min(2)
      .describe("What can be chosen."),
    default: z.union([z.string(), z.number()]).describe("Value at the start, one of the options."),
  })
  .refine((p) => p.options.includes(p.default), { message: "default must be one of the options" });

const prediction = z
  .strictObject({
    question: paragraph.describe("What the learner is asked before the first run; it has one number as its answer."),
    unit: z.string().describe("Unit of the answer, shown after the box. May be empty."),
    answer: z
      .string()
      .regex(/^[A-Za-z_$][\w$]*$/)
      .describe("Name of the export of main.ts that holds the answer after a run."),
    tolerance: z.number().positive().describe("Relative error up to which a prediction counts as close, such as 0.15."),
    explain: paragraph.describe("Shown with the comparison after the run: why the answer is what it is."),
  })
  .describe("Asked before the first run, compared with the result after it.");

export const labSchema = z.strictObject({
  title: paragraph.describe("Name of the lab."),
  lesson: z
    .string()
    .regex(/^\d\d-[a-z0-9-]+$/)
    .describe("Lesson it belongs to: file name in content/lessons without .mdx."),
  question: paragraph.describe("The one question the lab answers; shown under the title."),
  minutes: z.number().int().positive().describe("How long it takes."),
  steps: z.array(paragraph).min(1).describe("What to do, in order."),
  prediction: prediction.optional(),
  params: z
    .record(z.string(), z.union([slider, select]))
    .default({})
    .describe("Sliders and selects, read with param(name)."),
  server: z
    .custom<Server>((value) => typeof value === "object" && value !== null && "model" in value && "gpu" in value, {
      message: "must be a Server with at least model and gpu",
    })
    .optional()
    .describe("The simulated server that benchmark and openStream run on."),
  parameters: z
    .string()
    .default("course-h100-v1")
    .describe("Named parameter set of every server without one of its own."),
  seed: z.number().int().nonnegative().default(1).describe("The lab's seed; checks draw fresh ones."),
  hints: z.array(paragraph).default([]).describe("Shown one after the other, from a nudge to nearly the answer."),
  debrief: paragraph.describe("Shown once every check passes: what to take away."),
  stretch: paragraph.optional().describe("A harder question for those who want one."),
  targets: z
    .array(z.enum(["simulated", "endpoint"]))
    .min(1)
    .default(["simulated"])
    .describe(
      "Where it can run. endpoint: what is measured, an endpoint by URL or the engine in the tab; its code calls benchmark or openStream.",
    ),
  budget: z
    .strictObject({
      requests: z.number().int().positive().describe("Requests that one run may send."),
      tokens: z.number().int().positive().describe("Prompt and output tokens that one run may ask for."),
    })
    .default({ requests: 200, tokens: 200_000 })
    .describe(
      "The most that one press of Run may spend, over all its measurements, warm-ups included; more is refused before it is sent.",
    ),
  sends: z
    .strictObject({
      requests: z.number().int().positive().describe("Requests of the whole run, warm-ups included."),
      tokens: z.number().int().positive().describe("Prompt and output tokens of all of them."),
    })
    .optional()
    .describe("What one measured run sends in all, where that is known: the learner is asked once, for the sum."),
  limit: z.number().min(1).max(60).default(10).describe("Seconds without a sign of life after which it is stopped."),
  files: z
    .array(z.string().regex(/^[a-z0-9-]+\.ts$/))
    .default([])
    .describe("Further files that main.ts may import as ./name.ts; read-only."),
});

export type LabDefinition = z.infer<typeof labSchema>;
export type ParamDefinition = LabDefinition["params"][string];

/** @throws Error that names the file and lists each field with what is wrong with it. */
export function parseLab(yaml: string, file: string): LabDefinition {
  const parsed = labSchema.safeParse(parse(yaml));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `  ${path.join(".") || "(the file)"}: ${message}`);
  throw new Error(`${file} is not a lab:\n${problems.join("\n")}`);
}

/** Each parameter at its default. */
export function defaultParams(definition: LabDefinition): Readonly<Record<string, number | string>> {
  return Object.fromEntries(Object.entries(definition.params).map(([name, { default: value }]) => [name, value]));
}
