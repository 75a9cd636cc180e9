/** Where pages are read from: content/, and the lessons of the courses on top. */
import { pathToFileURL } from "node:url";
import { glob, type Loader, type LoaderContext } from "astro/loaders";
import { ownLessons } from "../../project/own-lessons.ts";

export function courseLoader(): Loader {
  return {
    name: "course",
    async load(context) {
      const own = ownLessons(process.cwd());
      const ids = new Set(own.flatMap(({ lessons }) => lessons.map(({ id }) => id)));
      await glob({ base: "./content", pattern: "**/[^_]*.{md,mdx}" }).load(seeing(context, (id) => !ids.has(id)));
      for (const { at, path, lessons } of own) {
        const mine = new Map(lessons.map(({ file, id }) => [file, id]));
        const loader = glob({
          base: pathToFileURL(`${path}/`),
          pattern: lessons.map(({ file }) => file),
          generateId({ entry, data }) {
            if (data["part"] !== undefined)
              throw new Error(`${at}/${entry} has a part, which only lessons of content/ have. Take that line out.`);
            return mine.get(entry) ?? entry;
          },
        });
        await loader.load(seeing(context, (id) => [...mine.values()].includes(id)));
      }
    },
  };
}

/** A loader forgets what it does not find again: each sees its own pages alone. */
function seeing(context: LoaderContext, isMine: (id: string) => boolean): LoaderContext {
  const { store } = context;
  return { ...context, store: { ...store, keys: () => store.keys().filter(isMine) } };
}
