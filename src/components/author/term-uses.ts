/** Where each word of the glossary is used: read from the texts of lessons, guides and labs while the site is built. */
import { getCollection } from "astro:content";
import { languageOf } from "../../languages.ts";
import { labIds, readLab } from "../lab/read-lab.ts";
import { href } from "../site/href.ts";
import { parts } from "../site/outline.ts";
import { namesOf } from "./term-names.ts";

export interface Use {
  readonly title: string;
  readonly url: string;
}

export interface Uses {
  /** Pages that explain themselves with it, lessons first; each leads to its first use there. */
  readonly pages: readonly Use[];
  /** Labs that speak of it. */
  readonly labs: readonly Use[];
}

type Glossary = Awaited<ReturnType<typeof getCollection<"glossary">>>;

/** By id of the term. */
export async function termUses(): Promise<ReadonlyMap<string, Uses>> {
  const [glossary, docs] = await Promise.all([getCollection("glossary"), getCollection("docs")]);
  const ordered = docs
    .filter(({ id }) => languageOf(id) === undefined)
    .toSorted((a, b) => (a.data.part ?? Infinity) - (b.data.part ?? Infinity) || a.id.localeCompare(b.id, "en"));
  const labs = labTexts();
  return new Map(
    glossary.map((entry) => [
      entry.id,
      {
        pages: ordered
          .filter(({ body }) => body?.includes(`<Term id="${entry.id}"`))
          .map(({ id, data }) => ({
            title: data.part === undefined ? data.title : `Part ${data.part}`,
            url: href(`${id}/#term-${entry.id}`),
          })),
        labs: labs.filter(({ text }) => speaksOf(text, entry)).map(({ title, url }) => ({ title, url })),
      },
    ]),
  );
}

/** The terms that a lab speaks of, in alphabetical order. */
export async function termsOfLab(id: string): Promise<Glossary> {
  const glossary = await getCollection("glossary");
  const { text } = labText(id);
  return glossary
    .filter((entry) => speaksOf(text, entry))
    .toSorted((a, b) => a.data.term.localeCompare(b.data.term, "en"));
}

function speaksOf(text: string, { data }: Glossary[number]): boolean {
  return namesOf(data.term, data.also).some((name) => name.test(text));
}

/** Labs of early parts first. */
function labTexts() {
  const order = new Map(parts.map(({ path, number }) => [path, number]));
  return labIds()
    .map(labText)
    .toSorted((a, b) => (order.get(a.lesson) ?? Infinity) - (order.get(b.lesson) ?? Infinity));
}

function labText(id: string) {
  const { definition } = readLab(id, import.meta.env.BASE_URL);
  const { title, question, steps, debrief, prediction, lesson } = definition;
  const text = [title, question, ...steps, debrief, prediction?.question, prediction?.explain].join("\n");
  return { text, title, url: href(`labs/${id}/`), lesson: lesson && `lessons/${lesson}/` };
}
