/** Draws on a canvas, in the colours the page has right now. */
import { onlyBare } from "../../lab/phrases.ts";
import { say } from "../language/page-words.ts";
import { corners, FONT_SIZE, strokes, type Colour, type Place, type Surface } from "./surface.ts";

/** Sizes `canvas` to `width` × `height` CSS pixels at the screen's density and clears it. Colours and type are those of `page`. */
export function canvasSurface(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  page: Element = canvas,
): Surface {
  const density = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height * density);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.setTransform(density, 0, 0, density, 0, 0);
  const style = getComputedStyle(page);
  const family = style.fontFamily;
  const known = new Map<Colour, string>();
  const paint = (colour: Colour): string => {
    const value = known.get(colour) ?? style.getPropertyValue(`--${colour}`).trim();
    known.set(colour, value);
    return value;
  };
  const path = (points: readonly Place[]) => {
    context.beginPath();
    points.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  };
  return {
    width,
    height,
    rect(x, y, w, h, colour, opacity = 1) {
      context.globalAlpha = opacity;
      context.fillStyle = paint(colour);
      context.fillRect(x, y, w, h);
      context.globalAlpha = 1;
    },
    line(points, colour, { width: stroke = 1, dash = [], opacity = 1 } = {}) {
      context.globalAlpha = opacity;
      context.strokeStyle = paint(colour);
      context.lineWidth = stroke;
      context.setLineDash([...dash]);
      path(points);
      context.stroke();
      context.setLineDash([]);
      context.globalAlpha = 1;
    },
    area(points, colour, opacity) {
      context.globalAlpha = opacity;
      context.fillStyle = paint(colour);
      path(points);
      context.fill();
      context.globalAlpha = 1;
    },
    dot(at, shape, colour, { radius = 3.2, opacity = 1 } = {}) {
      if (shape === "crossRot" || shape === "star") {
        for (const stroke of strokes(at, shape, radius)) this.line(stroke, colour, { width: 1.5, opacity });
        return;
      }
      context.globalAlpha = opacity;
      context.fillStyle = paint(colour);
      if (shape === "circle") {
        context.beginPath();
        context.arc(at[0], at[1], radius, 0, 2 * Math.PI);
      } else path(corners(at, shape, radius));
      context.fill();
      context.globalAlpha = 1;
    },
    clip(box, draw) {
      context.save();
      context.beginPath();
      context.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
      context.clip();
      draw();
      context.restore();
    },
    text([x, y], english, { colour = "muted", anchor = "start", size = FONT_SIZE, bold, halo } = {}) {
      const text = onlyBare(say)(english);
      context.font = `${bold ? 650 : 400} ${size}px ${family}`;
      context.textAlign = anchor === "middle" ? "center" : anchor;
      context.textBaseline = "alphabetic";
      if (halo) {
        context.lineWidth = 3.5;
        context.lineJoin = "round";
        context.strokeStyle = paint("paper");
        context.strokeText(text, x, y);
      }
      context.fillStyle = paint(colour);
      context.fillText(text, x, y);
    },
  };
}
