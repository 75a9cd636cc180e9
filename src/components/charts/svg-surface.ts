/** Draws into a string of SVG. Colours stay CSS variables, so that one picture serves light, dark and print. */
import { asIs, onlyBare, type Say } from "../../lab/phrases.ts";
import { corners, FONT_SIZE, strokes, type Colour, type Place, type Surface } from "./surface.ts";

/** Text for an XML attribute or element. */
export function escapeXml(text: string): string {
  return text.replace(
    /[&<>"']/g,
    (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[c] as string,
  );
}

const n = (x: number): string => String(Math.round(x * 10) / 10);
const list = (points: readonly Place[]): string => points.map(([x, y]) => `${n(x)},${n(y)}`).join(" ");
const paint = (colour: Colour): string => `var(--${colour})`;
const dim = (name: string, opacity: number | undefined): string =>
  opacity === undefined || opacity >= 1 ? "" : ` ${name}="${Math.round(opacity * 1000) / 1000}"`;

export interface SvgSurface extends Surface {
  /** What was drawn so far. */
  markup(): string;
}

/** `say`: what is written, in the language of the page. */
export function svgSurface(width: number, height: number, say: Say = asIs): SvgSurface {
  const out: string[] = [];
  return {
    width,
    height,
    markup: () => out.join(""),
    rect(x, y, w, h, colour, opacity) {
      out.push(
        `<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}" fill="${paint(colour)}"${dim("fill-opacity", opacity)}/>`,
      );
    },
    line(points, colour, { width: stroke = 1, dash = [], opacity } = {}) {
      const dashed = dash.length > 0 ? ` stroke-dasharray="${dash.join(" ")}"` : "";
      out.push(
        `<polyline points="${list(points)}" fill="none" stroke="${paint(colour)}" stroke-width="${stroke}"${dashed} stroke-linejoin="round"${dim("stroke-opacity", opacity)}/>`,
      );
    },
    area(points, colour, opacity) {
      out.push(`<polygon points="${list(points)}" fill="${paint(colour)}"${dim("fill-opacity", opacity)}/>`);
    },
    dot(at, shape, colour, { radius = 3.2, opacity } = {}) {
      const fill = `fill="${paint(colour)}"${dim("fill-opacity", opacity)}`;
      if (shape === "circle") out.push(`<circle cx="${n(at[0])}" cy="${n(at[1])}" r="${radius}" ${fill}/>`);
      else if (shape === "crossRot" || shape === "star")
        for (const stroke of strokes(at, shape, radius * 0.85)) this.line(stroke, colour, { width: 1.5, opacity });
      else out.push(`<polygon points="${list(corners(at, shape, radius))}" ${fill}/>`);
    },
    // Pictures are of the whole chart, where nothing lies outside.
    clip: (_, draw) => draw(),
    text([x, y], text, { colour = "muted", anchor = "start", size = FONT_SIZE, bold, halo } = {}) {
      const extra =
        (size === FONT_SIZE ? "" : ` font-size="${size}"`) +
        (anchor === "start" ? "" : ` text-anchor="${anchor}"`) +
        (bold ? ' font-weight="650"' : "") +
        (halo ? ' stroke="var(--paper)" stroke-width="3.5" paint-order="stroke" stroke-linejoin="round"' : "");
      out.push(
        `<text x="${n(x)}" y="${n(y)}" fill="${paint(colour)}"${extra}>${escapeXml(onlyBare(say)(text))}</text>`,
      );
    },
  };
}
