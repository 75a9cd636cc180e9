/** The page's colours and type, as Chart.js wants them: resolved, and again when the theme changes. */
import type { Colour } from "../surface.ts";

export interface Theme {
  readonly family: string;
  colour(name: Colour): string;
  /** The colour at an opacity, 0–1. */
  faded(name: Colour, opacity: number): string;
}

export function themeOf(element: Element): Theme {
  const style = getComputedStyle(element);
  const colour = (name: Colour) => style.getPropertyValue(`--${name}`).trim();
  return {
    family: style.fontFamily,
    colour,
    // Tokens are #rrggbb.
    faded: (name, opacity) =>
      colour(name) +
      Math.round(opacity * 255)
        .toString(16)
        .padStart(2, "0"),
  };
}
