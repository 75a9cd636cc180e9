/** The collections: what learners read, what they run, the words and the questions. Each schema says what its fields are for. */
import { defineCollection } from "astro:content";
import { file, glob } from "astro/loaders";
import { docsSchema } from "@astrojs/starlight/schema";
import { z } from "astro/zod";
import { pageFields } from "./components/lesson/frontmatter.ts";
import { quizSchema } from "./components/quiz/schema.ts";
import { courseLoader } from "./components/site/course-loader.ts";

const docs = defineCollection({
  loader: courseLoader(),
  schema: docsSchema({ extend: pageFields }),
});

const glossary = defineCollection({
  loader: file("./content/glossary.yaml"),
  schema: z.strictObject({
    id: z.string(),
    /** The term as the field writes it. */
    term: z.string(),
    /** One or two sentences in our own words. */
    means: z.string(),
    /** Other names of the same thing. */
    also: z.array(z.string()).default([]),
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

const steps = defineCollection({
  loader: file("./content/steps.yaml"),
  schema: z.strictObject({
    id: z.string(),
    /** The command, or what it starts with. */
    step: z.string(),
    /** `run` by us, or `read` where it is documented. */
    how: z.enum(["run", "read"]),
    on: z.iso.date(),
    /** Versions, or the document. */
    with: z.string(),
    url: z.url().optional(),
  }),
});

const quizzes = defineCollection({
  loader: glob({ base: "./content/quizzes", pattern: "*.yaml" }),
  schema: quizSchema,
});

export const collections = { docs, glossary, sources, steps, quizzes };
