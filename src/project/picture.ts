/** A chart as a file of SVG that needs nothing else: title, badge and colours of its own. */
import type { ChartDescription } from "../engine/chart/types.ts";
import { heightOf } from "../components/charts/draw/draw.ts";
import { chartSvg } from "../components/charts/svg.ts";
import { escapeXml } from "../components/charts/svg-surface.ts";

const width = 720;
const [margin, head] = [24, 72];

/** `colours`: the variables that charts are painted with, as declarations of CSS. */
export function picture(description: ChartDescription, badge: string, colours: string): string {
  const [wide, high] = [width + 2 * margin, heightOf(description, width) + head + margin];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${wide} ${high}" width="${wide}" height="${high}" font-family="sans-serif">` +
    `<style>:root{${colours}}</style><rect width="${wide}" height="${high}" fill="var(--paper)"/>` +
    `<text x="${margin}" y="36" font-size="17" font-weight="700" fill="var(--ink)">${escapeXml(description.title)}</text>` +
    `<text x="${margin}" y="56" font-size="12" fill="var(--muted)">${escapeXml(badge)}</text>` +
    `<g transform="translate(${margin} ${head})">${chartSvg(description, { id: "chart", width })}</g></svg>\n`
  );
}

/** What a picture says, in the words that it carries for people who can't see it. */
export function pictureSays(svg: string): string {
  const [, title = "", finding = ""] = /<title[^>]*>([^<]*)<\/title><desc[^>]*>([^<]*)<\/desc>/.exec(svg) ?? [];
  return `${title}. ${finding}`;
}
