/** What a page says about itself above its text. A lesson, which has a part, says all of it. */
import { z } from "astro/zod";

const line = z.string().trim().min(1);

export const pageFields = z
  .object({
    /** Place of a lesson in the course: 1–8, and from 9 on those that somebody adds. */
    part: z.int().min(1).max(99).optional(),
    /** Of a guide: minutes to read. Of a lesson: to read at about 200 words a minute, and with all its labs; a test holds them to it. */
    minutes: z
      .union([
        z.int().positive(),
        z
          .strictObject({ reading: z.int().positive(), withLabs: z.int().positive() })
          .refine(({ reading, withLabs }) => withLabs >= reading, "withLabs is the reading and the labs together"),
      ])
      .optional(),
    /** What the reader can do afterwards; each practised by a lab, a figure or a question. */
    objectives: z.array(line).min(2).optional(),
    /** What the reader should bring, in words or as "part 1: …". */
    prerequisites: z.array(line).min(1).optional(),
    /** Ids of content/sources.yaml, in the order in which <Sources /> lists them; all that the text cites. */
    sources: z.array(line).min(1).optional(),
  })
  .superRefine((page, { addIssue }) => {
    if (page.part === undefined) return;
    const missing = (["minutes", "objectives", "prerequisites", "sources"] as const).filter(
      (name) => page[name] === undefined,
    );
    for (const name of missing)
      addIssue({ code: "custom", path: [name], message: `a lesson (part ${page.part}) needs ${name}` });
    if (typeof page.minutes === "number")
      addIssue({ code: "custom", path: ["minutes"], message: "a lesson says { reading, withLabs }" });
  });

export type PageFields = z.infer<typeof pageFields>;
