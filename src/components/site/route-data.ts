/** What Starlight knows of a page, put right: a title said once, and labs in the list of headings. */
import { readFileSync } from "node:fs";
import { defineRouteMiddleware, type StarlightRouteData } from "@astrojs/starlight/route-data";
import { parseLab } from "../../lab/definition.ts";
import { labFolder } from "../lab/read-lab.ts";

type Heading = NonNullable<StarlightRouteData["toc"]>["items"][number];

export const onRequest = defineRouteMiddleware(({ locals }) => {
  const { entry, toc, head, siteTitle } = locals.starlightRoute;
  const title = head.find(({ tag }) => tag === "title");
  if (title && entry.data.title === siteTitle) title.content = siteTitle;
  if (toc) for (const { after, id, name } of labsOf(entry.body ?? "")) under(toc.items, after, { id, name });
});

/** Labs in the order of the text, each with the heading it stands under. */
function* labsOf(body: string): Generator<{ after: string | undefined; id: string; name: string }> {
  let after: string | undefined;
  for (const [, heading, id] of body.matchAll(/^## (.+)$|^<Lab id="([^"]+)"/gm)) {
    if (heading !== undefined) after = heading.trim();
    else if (id !== undefined) yield { after, id, name: `Lab: ${titleOf(id)}` };
  }
}

function titleOf(id: string): string {
  const file = `${labFolder(id).at}/lab.yaml`;
  return parseLab(readFileSync(file, "utf8"), file).title;
}

function under(items: readonly Heading[], after: string | undefined, lab: { id: string; name: string }): void {
  const section = items.find(({ text }) => text === after);
  section?.children.push({ depth: 3, slug: `lab-${lab.id}`, text: lab.name, children: [] });
}
