/** A moving figure as one text for the page: each frame only with what differs from the one before. */
import type { ChartDescription } from "../../engine/chart/types.ts";
import { packJson, unpackJson } from "../charts/packed.ts";
import type { Frame, MovingFigure } from "./moving.ts";

/** What a page needs to draw a panel again: its data table stays at the build. */
type Drawn = Pick<ChartDescription, "kind" | "title" | "finding" | "note"> & { readonly spec: object };
type Change = Readonly<Record<string, unknown>>;

interface Packed {
  readonly figure: Omit<MovingFigure, "frames">;
  readonly frames: readonly (Omit<Frame, "panels"> & { readonly panels: readonly Change[] })[];
}

export function packFigure({ frames, ...figure }: MovingFigure): string {
  let before: readonly Change[] = [];
  const packed = frames.map(({ panels, ...frame }) => {
    const flat = panels.map(flatten);
    const changes = flat.map((panel, i) =>
      Object.fromEntries(
        Object.entries(panel).filter(([key, value]) => packJson(value) !== packJson(before[i]?.[key])),
      ),
    );
    before = flat;
    return { ...frame, panels: changes };
  });
  return packJson({ figure, frames: packed } satisfies Packed);
}

export function unpackFigure(text: string): MovingFigure {
  const { figure, frames } = unpackJson(text) as Packed;
  let before: readonly Change[] = [];
  return {
    ...figure,
    frames: frames.map(({ panels, ...frame }) => {
      before = panels.map((change, i) => ({ ...before[i], ...change }));
      return { ...frame, panels: before.map(restore) };
    }),
  };
}

/** Fields of the spec beside those of the panel: a frame changes few of either. Series are told apart one by one. */
function flatten({ kind, title, finding, note, spec }: ChartDescription): Change {
  const drawn: Drawn = { kind, title, finding, note, spec };
  const fields = Object.entries(spec).flatMap(([name, value]): [string, unknown][] =>
    Array.isArray(value)
      ? [[`spec.${name}#`, value.length], ...value.map((each, i): [string, unknown] => [`spec.${name}.${i}`, each])]
      : [[`spec.${name}`, value]],
  );
  const { spec: _, ...rest } = drawn;
  return Object.fromEntries([...Object.entries(rest).filter(([, value]) => value !== undefined), ...fields]);
}

function restore(flat: Change): ChartDescription {
  const spec: Record<string, unknown> = {};
  const panel: Record<string, unknown> = { table: { columns: [], rows: [] }, spec };
  for (const [key, value] of Object.entries(flat)) {
    const [, name = "", more] = /^spec\.([^.#]+)(#|\.\d+)?$/.exec(key) ?? [];
    if (name === "") panel[key] = value;
    else if (more === undefined) spec[name] = value;
    else if (more === "#") spec[name] = Array.from({ length: value as number }, (__, i) => flat[`spec.${name}.${i}`]);
  }
  return panel as unknown as ChartDescription;
}
