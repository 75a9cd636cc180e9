/** Every <Point> of a text moves a figure of its page to a state that the figure has. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { namesOf } from "../../src/components/figures/moving.ts";
import { lessonFigures } from "../components/figures/lesson-figures.ts";

const figures = await lessonFigures();
const pages = ["content/lessons", "content/guides"].flatMap((folder) =>
  readdirSync(folder).map((file) => ({ file: `${folder}/${file}`, text: readFileSync(`${folder}/${file}`, "utf8") })),
);

/** Names that a page imports from @course, and the module behind each. */
const modules: Readonly<Record<string, string>> = {
  exampleFigures: "guide-figures",
  ...Object.fromEntries(
    [
      ...readFileSync("src/components/index.ts", "utf8").matchAll(
        /^export \* as (\w+) from "\.\/figures\/([\w-]+)\.ts"/gm,
      ),
    ].map(([, name = "", file = ""]) => [name, file]),
  ),
};

for (const { file, text } of pages) {
  // Code that only shows how a page is written is no part of the page.
  const shown = text.replace(/^```[\s\S]*?^```/gm, "");
  const points = [...shown.matchAll(/<Point\s+figure="([^"]+)"\s+state="([^"]+)"/g)];
  if (points.length === 0) continue;
  test(`${file}: its points lead somewhere`, () => {
    const places = new Map(
      [...shown.matchAll(/<MovingFigure\s+figure=\{([\w.]+)\(\)\}\s+id="([^"]+)"/g)].map(([, from = "", id = ""]) => [
        id,
        from,
      ]),
    );
    for (const [, id = "", state] of points) {
      const from = places.get(id) ?? "";
      const [module = "", name] = [from.split(".")[0], from.split(".").at(-1)];
      const imported = new RegExp(`(\\w+) as ${module},`).exec(text)?.[1] ?? module;
      const found = figures.find((each) => each.lesson === modules[imported] && each.name === name);
      expect(found, `${id} is no moving figure of the page`).toBeDefined();
      expect(found?.figure.frames.flatMap(namesOf), id).toContain(state);
    }
  });
}
