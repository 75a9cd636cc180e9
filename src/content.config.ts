/** The collections: what learners read, what they run, the words and the questions. Each schema says what its fields are for. */
import { defineCollection } from "astro:content";
import { file, glob } from "astro/loaders";
import { docsSchema } from "@astrojs/starlight/schema";
import { z } from "astro/zod";

const docs = defineCollection({
  loader: glob({ base: "./content", pattern: "**/[^_]*.{md,mdx}" }),
  schema: docsSchema({
    extend: z.object({
      /** Place of a lesson in the course, 1–8. */
      part: z.int().min(1).max(8).optional(),
      /** Minutes to read at about 200 words a minute, labs apart. */
      minutes: z.int().positive().optional(),
    }),
  }),
});

const glossary = defineCollection({
  loader: file("./content/glossary.yaml"),
  schema: z.strictObject({
    id: z.string(),
    /** The term as the field writes it. */
    term: z.string(),
    /** One or two sentences in our own words. */
    means: z.string(),
    /** Ids of terms worth reading next. */
    see: z.array(z.string()).default([]),
  }),
});

const sources = defineCollection({
  loader: file("./content/sources.yaml"),
  schema: z.strictObject({
    id: z.string(),
    /** How the text names it. */
    cite: z.string(),
    title: z.string(),
    by: z.string(),
    /** Publisher and date. */
    where: z.string(),
    url: z.url(),
  }),
});

const quizzes = defineCollection({
  loader: glob({ base: "./content/quizzes", pattern: "*.yaml" }),
  schema: z.strictObject({
    /** The part it belongs to. */
    part: z.int().min(1).max(8),
    questions: z
      .array(
        z.strictObject({
          /** Stable: progress is kept under it. */
          id: z.string().regex(/^[a-z0-9-]+$/),
          ask: z.string(),
          options: z
            .array(
              z.strictObject({
                answer: z.string(),
                right: z.boolean().default(false),
                /** Why it is right, or why it tempts and where it goes wrong. */
                why: z.string(),
              }),
            )
            .min(2)
            .refine((options) => options.filter(({ right }) => right).length === 1, "exactly one option is right"),
        }),
      )
      .min(1),
  }),
});

export const collections = { docs, glossary, sources, quizzes };
