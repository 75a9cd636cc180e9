/** What Starlight knows of a page, put right: a title said once, labs in the list of headings, and other languages only where there are any. */
import { defineRouteMiddleware, type StarlightRouteData } from "@astrojs/starlight/route-data";
import { secondLanguage, type SecondLanguage } from "../../languages.ts";
import { readLab } from "../lab/read-lab.ts";
import { siteSay, textLanguage } from "../language/words.ts";
import { href } from "./href.ts";
import { inEnglish, isTranslated } from "./twins.ts";

type Heading = NonNullable<StarlightRouteData["toc"]>["items"][number];

export const onRequest = defineRouteMiddleware((page) => {
  const { locals, url } = page;
  const { entry, toc, head, siteTitle } = locals.starlightRoute;
  const title = head.find(({ tag }) => tag === "title");
  if (title && entry.data.title === siteTitle) title.content = siteTitle;
  const lang = textLanguage(page);
  if (toc) for (const { after, id, name } of labsOf(entry.body ?? "", lang)) under(toc.items, after, { id, name });
  linkLanguages(locals.starlightRoute, url.pathname);
});

/** A page that falls back is the English one over again, and says so; one that has no translation points to none. */
function linkLanguages({ head, isFallback }: StarlightRouteData, pathname: string): void {
  const path = inEnglish(pathname.slice(href("").length));
  const canonical = head.find(({ attrs }) => attrs?.["rel"] === "canonical");
  if (isFallback === true && typeof canonical?.attrs?.["href"] === "string")
    canonical.attrs["href"] = canonical.attrs["href"].replace(pathname, href(path));
  const none = (tag: StarlightRouteData["head"][number]) => {
    const language = secondLanguage(String(tag.attrs?.["hreflang"] ?? ""));
    return language !== undefined && !isTranslated(language, path);
  };
  for (let i = head.length - 1; i >= 0; i--) if (none(head[i]!)) head.splice(i, 1);
}

/** Labs in the order of the text, each with the heading it stands under. */
function* labsOf(
  body: string,
  lang: SecondLanguage | undefined,
): Generator<{ after: string | undefined; id: string; name: string }> {
  const say = siteSay(lang);
  let after: string | undefined;
  for (const [, heading, id] of body.matchAll(/^## (.+)$|^<Lab id="([^"]+)"/gm)) {
    if (heading !== undefined) after = heading.trim();
    else if (id !== undefined) yield { after, id, name: say(`Lab: ${readLab(id, "/", lang).setup.title}`) };
  }
}

function under(items: readonly Heading[], after: string | undefined, lab: { id: string; name: string }): void {
  const section = items.find(({ text }) => text === after);
  section?.children.push({ depth: 3, slug: `lab-${lab.id}`, text: lab.name, children: [] });
}
