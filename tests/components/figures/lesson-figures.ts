/** Every moving figure of every lesson and guide: what the modules `lesson-….ts` and `guide-….ts` export as `figures`. */
import { readdirSync } from "node:fs";
import type { MovingFigure } from "../../../src/components/figures/moving.ts";

const folder = new URL("../../../src/components/figures/", import.meta.url);

export async function lessonFigures(): Promise<{ lesson: string; name: string; figure: MovingFigure }[]> {
  const lessons = readdirSync(folder).filter((file) => /^(lesson|guide)-.*\.ts$/.test(file));
  const found = await Promise.all(
    lessons.map(async (file) => {
      const { figures = {} } = (await import(new URL(file, folder).href)) as {
        figures?: Readonly<Record<string, () => MovingFigure>>;
      };
      return Object.entries(figures).map(([name, make]) => ({ lesson: file.replace(".ts", ""), name, figure: make() }));
    }),
  );
  return found.flat();
}
