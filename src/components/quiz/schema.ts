/** content/quizzes/<lesson>.yaml: five questions in the forms that the labs use. */
import { z } from "astro/zod";

const asked = {
  /** Stable: progress is kept under it. */
  id: z.string().regex(/^[a-z0-9-]+$/),
  ask: z.string(),
  /** A plot to read beside the question: a name in `plots` of the lesson's module in src/components/figures. */
  plot: z.string().optional(),
};

const options = z
  .array(
    z.strictObject({
      answer: z.string(),
      right: z.boolean().default(false),
      /** Why it is right, or why it tempts and where it goes wrong. */
      why: z.string(),
    }),
  )
  .min(2)
  .refine((all) => all.filter(({ right }) => right).length === 1, "exactly one option is right");

/** One answer of several. */
const choice = z.strictObject({ ...asked, kind: z.literal("choice").default("choice"), options });

/** One value of a setting; `setting` is its name as the engine writes it, such as maxNumBatchedTokens. */
const setting = z.strictObject({ ...asked, kind: z.literal("setting"), setting: z.string(), options });

/** A number with its unit. */
const number = z.strictObject({
  ...asked,
  kind: z.literal("number"),
  answer: z.number(),
  /** May be "" for a bare count. */
  unit: z.string(),
  /** Relative error up to which it is right. */
  tolerance: z.number().positive(),
  why: z.string(),
  /** What people get who go wrong in a known way, each with its reason. */
  slips: z.array(z.strictObject({ value: z.number(), why: z.string() })).min(2),
});

export const questionSchema = z.union([number, setting, choice]);

export const quizSchema = z.strictObject({
  /** The part it belongs to. */
  part: z.int().min(1).max(99),
  questions: z.array(questionSchema).min(1),
});

export type Question = z.infer<typeof questionSchema>;
