/** A chart as a string of SVG: for figures at build, print and pages without JavaScript. */
import type { ChartDescription } from "../../engine/chart/types.ts";
import { draw, heightOf } from "./draw/draw.ts";
import { asIs, type Say } from "../../lab/phrases.ts";
import { FONT_SIZE } from "./surface.ts";
import { escapeXml, svgSurface } from "./svg-surface.ts";

/** `id` must be unique in its page; `say` puts the words and numbers that are drawn into its language. Its title and description are the chart's title and finding. */
export function chartSvg(
  description: ChartDescription,
  { id, width = 720, say = asIs }: { id: string; width?: number; say?: Say },
): string {
  const surface = svgSurface(width, heightOf(description, width), say);
  draw(surface, description);
  return (
    `<svg class="chart-svg" viewBox="0 0 ${width} ${surface.height}" width="${width}" height="${surface.height}" role="img" aria-labelledby="${id}-title ${id}-finding" font-size="${FONT_SIZE}">` +
    `<title id="${id}-title">${escapeXml(description.title)}</title><desc id="${id}-finding">${escapeXml(description.finding)}</desc>` +
    `${surface.markup()}</svg>`
  );
}
