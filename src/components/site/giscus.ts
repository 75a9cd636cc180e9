/** Whether readers can discuss a lesson on its page: "giscus" in package.json, as giscus.app writes it out for a repository. */
import { readFileSync } from "node:fs";
import { z } from "zod";

const setting = z.strictObject({
  /** "owner/name"; its discussions are on and the giscus app is installed. */
  repo: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "must be owner/name"),
  repoId: z.string().min(1),
  category: z.string().min(1),
  categoryId: z.string().min(1),
});

export type Giscus = z.infer<typeof setting>;

/** Where it is served from, and so what a page that offers it must allow. */
export const giscusOrigin = "https://giscus.app";

/** Undefined where none is set up. Throws for one that is not whole, naming the field. */
export function readGiscus(file = "package.json"): Giscus | undefined {
  const { giscus } = JSON.parse(readFileSync(file, "utf8")) as { giscus?: unknown };
  if (giscus === undefined) return undefined;
  const read = setting.safeParse(giscus);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Error(`${file}: giscus.${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not understood"}`);
}
