/** A picture to point at: legend, zoom by wheel, drag and keys, and a reading of each value by pointer and arrow keys. */
import type { ChartDescription } from "../../engine/chart/types.ts";
import { canvasSurface } from "./canvas-surface.ts";
import { draw, heightOf } from "./draw/draw.ts";
import { drawSoon, forget } from "./draw-queue.ts";
import { nearest, readingsOf, type Readings, type Spot } from "./readings.ts";
import { onlyBare } from "../../lab/phrases.ts";
import { say } from "../language/page-words.ts";
import { legendOf } from "./legend.ts";
import { across, along } from "./steps.ts";
import type { Place } from "./surface.ts";
import { stretch, wholeView, zoomable, type Drawing, type View } from "./view.ts";

/** How near a pointer must be to a value to read it, in pixels. */
const REACH = 60;
/** A drag shorter than this is a click. */
const CLICK = 6;
const WHEEL = 0.0016;
const KEY_ZOOM = 0.6;
/** Kinds whose series are told apart by dashes too. */
const dashedKinds = new Set<ChartDescription["kind"]>(["line", "ecdf", "percentiles", "histogram"]);

export const howToRead =
  "Arrow keys read the values. Plus and minus zoom, Shift with an arrow key moves along, 0 shows everything. Drag, or hold Ctrl and turn the wheel, to zoom.";

export class InteractivePlot {
  #description: ChartDescription;
  #known: Readings | null = null;
  #view: View = { ...wholeView, legend: false };
  #drawing: Drawing = { panels: [] };
  #whole: Drawing = { panels: [] };
  #spot: Spot | null = null;
  #drag: { from: Place; at: Place; pan: boolean } | null = null;
  readonly #host: HTMLElement;
  readonly #legend = element("div", "chart-legend");
  readonly #stage = element("div", "chart-stage");
  readonly #canvas = element("canvas", "");
  readonly #ring = element("span", "chart-ring");
  readonly #brush = element("span", "chart-brush");
  readonly #tip = element("div", "chart-tip");
  readonly #reset = element("button", "chart-reset");
  readonly #said = element("p", "chart-reading sr-only");
  readonly #resized: ResizeObserver;
  readonly #paint = () => this.#draw();
  readonly #painted: () => void;
  #width = 0;

  /** `painted` is called after each drawing. */
  constructor(host: HTMLElement, description: ChartDescription, painted: () => void) {
    this.#host = host;
    this.#description = description;
    this.#painted = painted;
    this.#canvas.setAttribute("role", "img");
    this.#stage.tabIndex = 0;
    this.#stage.setAttribute("role", "application");
    this.#stage.setAttribute("aria-roledescription", "chart");
    this.#reset.type = "button";
    this.#reset.textContent = say("Show everything");
    this.#said.setAttribute("aria-live", "polite");
    for (const part of [this.#ring, this.#brush, this.#tip]) {
      part.hidden = true;
      part.setAttribute("aria-hidden", "true");
    }
    this.#reset.hidden = true;
    this.#stage.append(this.#canvas, this.#brush, this.#ring, this.#tip);
    host.replaceChildren(this.#legend, this.#stage, this.#reset, this.#said);
    this.#listen();
    this.#dress();
    this.#resized = new ResizeObserver(() => {
      if (Math.floor(host.clientWidth) !== this.#width) drawSoon(this.#paint);
    });
    this.#resized.observe(host);
    drawSoon(this.#paint);
  }

  /** Worked out when somebody reads. */
  get #readings(): Readings {
    return (this.#known ??= readingsOf(this.#description));
  }

  /** Another description of the same kind: what a reader switched off stays off, and a zoom stays where it is. */
  update(description: ChartDescription): void {
    this.#description = description;
    this.#known = null;
    this.#point(null);
    this.#dress();
    drawSoon(this.#paint);
  }

  /** Draws again, in the colours that the page has now. */
  repaint(): void {
    drawSoon(this.#paint);
  }

  /** What is seen now with its legend, as a picture by itself on the page's colour, under its title. */
  picture(title: string, badge: string): HTMLCanvasElement {
    const [width, head, margin] = [Math.max(320, this.#width), 46, 16];
    const height = heightOf(this.#description, width) + (this.#legend.childElementCount > 0 ? 40 : 0);
    const plot = element("canvas", "");
    draw(canvasSurface(plot, width, height, this.#canvas), this.#description, { ...this.#view, legend: true });
    const whole = element("canvas", "");
    const paper = canvasSurface(whole, width + 2 * margin, height + head + margin, this.#canvas);
    paper.rect(0, 0, paper.width, paper.height, "paper");
    paper.text([margin, 22], title, { colour: "ink", bold: true, size: 15 });
    paper.text([margin, 38], badge, { size: 11.5 });
    const context = whole.getContext("2d") as CanvasRenderingContext2D;
    context.drawImage(plot, margin, head, width, height);
    return whole;
  }

  destroy(): void {
    forget(this.#paint);
    this.#resized.disconnect();
    this.#host.replaceChildren();
  }

  /** Names, legend, and what the whole of it spans. */
  #dress(): void {
    const { title, finding } = this.#description;
    this.#canvas.setAttribute("aria-label", finding);
    this.#stage.setAttribute("aria-label", `${title}. ${howToRead}`);
    const entries = legendOf(this.#description);
    const old = [...this.#legend.children].map((b) => b.textContent);
    if (entries.length === old.length && entries.every(({ name }, i) => name === old[i])) return;
    this.#view = { ...this.#view, hidden: new Set() };
    this.#legend.replaceChildren(
      ...entries.map(({ name, entry, style }) => {
        const button = element("button", "chart-series");
        button.type = "button";
        button.setAttribute("aria-pressed", "true");
        const swatch = element("span", "chart-swatch");
        swatch.style.setProperty("--swatch", `var(--${style.colour})`);
        if (style.dash.length > 0 && dashedKinds.has(this.#description.kind)) swatch.dataset["dashed"] = "";
        button.append(swatch, name);
        button.addEventListener("click", () => this.#toggle(entry, button));
        return button;
      }),
    );
    this.#legend.hidden = entries.length === 0;
  }

  #toggle(entry: number, button: HTMLElement): void {
    const hidden = new Set(this.#view.hidden);
    if (!hidden.delete(entry)) hidden.add(entry);
    button.setAttribute("aria-pressed", String(!hidden.has(entry)));
    this.#view = { ...this.#view, hidden };
    this.#point(null);
    drawSoon(this.#paint);
  }

  #draw(): void {
    const width = Math.floor(this.#host.clientWidth);
    if (width <= 0) return;
    this.#width = width;
    const height = heightOf(this.#description, width);
    const surface = canvasSurface(this.#canvas, width, height);
    this.#drawing = draw(surface, this.#description, this.#view);
    if (!this.#view.x && !this.#view.y) this.#whole = this.#drawing;
    this.#reset.hidden = !this.#view.x && !this.#view.y;
    this.#mark();
    this.#painted();
  }

  #listen(): void {
    const stage = this.#stage;
    stage.addEventListener("pointermove", (event) => {
      if (this.#drag) this.#dragTo(this.#at(event));
      else if (event.pointerType !== "touch") this.#hover(this.#at(event));
    });
    stage.addEventListener("pointerleave", () => {
      if (!this.#drag && document.activeElement !== stage) this.#point(null);
    });
    stage.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      const at = this.#at(event);
      this.#drag = { from: at, at, pan: event.shiftKey };
      stage.setPointerCapture(event.pointerId);
    });
    stage.addEventListener("pointerup", (event) => this.#drop(this.#at(event)));
    stage.addEventListener("pointercancel", () => this.#drop(null));
    stage.addEventListener("dblclick", () => this.#show({}));
    stage.addEventListener(
      "wheel",
      (event) => {
        // A page that is scrolled past a chart must go on scrolling.
        if (!event.ctrlKey && !event.metaKey && document.activeElement !== stage) return;
        event.preventDefault();
        this.#zoom(Math.exp(Math.max(-400, Math.min(400, event.deltaY)) * WHEEL), this.#at(event));
      },
      { passive: false },
    );
    stage.addEventListener("keydown", (event) => this.#key(event));
    stage.addEventListener("blur", () => this.#point(null));
    this.#reset.addEventListener("click", () => {
      this.#show({});
      stage.focus();
    });
  }

  #at(event: MouseEvent): Place {
    const { left, top } = this.#canvas.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  // ── reading ──

  #hover(at: Place): void {
    this.#point(nearest(this.#readings, this.#drawing, at, this.#view.hidden, REACH));
  }

  #point(spot: Spot | null, aloud = false): void {
    const moved = spot?.row !== this.#spot?.row || spot?.i !== this.#spot?.i;
    this.#spot = spot;
    this.#mark();
    if (moved) this.#host.dispatchEvent(new CustomEvent("chart-read", { bubbles: true, detail: spot }));
    if (aloud && spot) this.#said.textContent = onlyBare(say)(this.#readings.text(spot.row, spot.i));
  }

  /** The ring around the value that is read, and its words beside it. */
  #mark(): void {
    const spot = this.#spot;
    this.#ring.hidden = this.#tip.hidden = spot === null || this.#drawing.panels.length === 0;
    if (spot === null || this.#ring.hidden) return;
    const [x, y] = this.#readings.place(spot.row, spot.i, this.#drawing);
    this.#ring.style.translate = `${x}px ${y}px`;
    this.#tip.textContent = onlyBare(say)(this.#readings.text(spot.row, spot.i));
    const right = x > this.#width / 2;
    this.#tip.style.left = right ? "auto" : `${Math.max(0, x + 12)}px`;
    this.#tip.style.right = right ? `${Math.max(0, this.#width - x + 12)}px` : "auto";
    this.#tip.style.top = `${Math.max(0, y - 34)}px`;
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    const along = { ArrowLeft: -1, ArrowRight: 1 }[key];
    const across = { ArrowUp: -1, ArrowDown: 1 }[key];
    const zoomed = this.#view.x !== undefined || this.#view.y !== undefined;
    if (along !== undefined && event.shiftKey) this.#pan(along * 0.2, 0);
    else if (across !== undefined && event.shiftKey) this.#pan(0, -across * 0.2);
    else if (along !== undefined) this.#step(along);
    else if (across !== undefined) this.#otherRow(across);
    else if (key === "Home" || key === "End") this.#step(key === "Home" ? -Infinity : Infinity);
    else if (key === "+" || key === "=") this.#zoom(KEY_ZOOM, this.#middle());
    else if (key === "-" || key === "_") this.#zoom(1 / KEY_ZOOM, this.#middle());
    else if (key === "0" || (key === "Escape" && zoomed)) this.#show({});
    else return;
    event.preventDefault();
  }

  /** Where to zoom with keys: at what is read, else in the middle. */
  #middle(): Place {
    if (this.#spot) return this.#readings.place(this.#spot.row, this.#spot.i, this.#drawing);
    const box = this.#drawing.panels[0]?.box ?? { left: 0, right: 0, top: 0, bottom: 0 };
    return [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  }

  get #ground() {
    return { readings: this.#readings, hidden: this.#view.hidden };
  }

  #step(by: number): void {
    const next = along(this.#ground, this.#spot, by);
    if (next !== null) this.#point(next, true);
  }

  #otherRow(by: number): void {
    if (this.#spot === null) return this.#step(1);
    const x = ({ row, i }: Spot) => this.#readings.place(row, i, this.#drawing)[0];
    this.#point(across(this.#ground, this.#spot, by, x), true);
  }

  // ── zooming ──

  #show(view: Pick<View, "x" | "y">): void {
    const { hidden, legend } = this.#view;
    this.#view = { hidden, legend, ...view };
    this.#said.textContent = say(view.x || view.y ? "Zoomed in." : "The whole chart is shown.");
    drawSoon(this.#paint);
  }

  /** Shares of the plot's axes between two places, from its lower left corner. */
  #shares(at: Place): { x: number; y: number } | null {
    const box = this.#drawing.panels[0]?.box;
    if (!box) return null;
    return { x: (at[0] - box.left) / (box.right - box.left), y: (box.bottom - at[1]) / (box.bottom - box.top) };
  }

  /** Shows the stretch between two shares of each axis; an axis that is not named stays. */
  #stretchTo(x: [number, number] | null, y: [number, number] | null): void {
    const [whole, now] = [this.#whole.panels[0], this.#drawing.panels[0]];
    const can = zoomable(this.#description.kind);
    if (!whole || !now) return;
    const next = (side: "x" | "y", shares: [number, number] | null) => {
      const [all, shown] = [whole[side], now[side]];
      if (shares === null || !can[side] || !all || !shown) return this.#view[side];
      return stretch(all, shown, Math.min(...shares), Math.max(...shares)) ?? undefined;
    };
    const [zoomX, zoomY] = [next("x", x), next("y", y)];
    this.#show({ ...(zoomX ? { x: zoomX } : {}), ...(zoomY ? { y: zoomY } : {}) });
  }

  #zoom(by: number, at: Place): void {
    const shares = this.#shares(at);
    if (!shares) return;
    const around = (share: number): [number, number] => [share - share * by, share + (1 - share) * by];
    const both = this.#description.kind === "scatter" || this.#description.kind === "gantt";
    this.#stretchTo(around(shares.x), both || this.#view.y ? around(shares.y) : null);
  }

  #pan(x: number, y: number): void {
    this.#stretchTo(this.#view.x ? [x, 1 + x] : null, this.#view.y ? [y, 1 + y] : null);
  }

  #dragTo(at: Place): void {
    if (!this.#drag) return;
    const { from, at: before, pan } = this.#drag;
    this.#drag = { from, at, pan };
    const box = this.#drawing.panels[0]?.box;
    if (!box) return;
    if (pan)
      return this.#pan((before[0] - at[0]) / (box.right - box.left), (at[1] - before[1]) / (box.bottom - box.top));
    const { x, y } = zoomable(this.#description.kind);
    const [dx, dy] = [Math.abs(at[0] - from[0]), Math.abs(at[1] - from[1])];
    this.#brush.hidden = !x || Math.max(dx, dy) < CLICK;
    if (this.#brush.hidden) return;
    this.#point(null);
    const tall = y && dy >= 3 * CLICK;
    const panels = this.#drawing.panels;
    const [top, bottom] = [panels[0].box.top, panels[panels.length - 1].box.bottom];
    this.#brush.style.left = `${Math.min(from[0], at[0])}px`;
    this.#brush.style.width = `${dx}px`;
    this.#brush.style.top = `${tall ? Math.min(from[1], at[1]) : top}px`;
    this.#brush.style.height = `${tall ? dy : bottom - top}px`;
  }

  #drop(at: Place | null): void {
    const drag = this.#drag;
    this.#drag = null;
    this.#brush.hidden = true;
    if (!drag || !at || drag.pan) return;
    const [dx, dy] = [Math.abs(at[0] - drag.from[0]), Math.abs(at[1] - drag.from[1])];
    if (Math.max(dx, dy) < CLICK) return this.#hover(at);
    const [a, b] = [this.#shares(drag.from), this.#shares(at)];
    if (a && b) this.#stretchTo(dx < CLICK ? null : [a.x, b.x], dy < 3 * CLICK ? null : [a.y, b.y]);
  }
}

function element<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, className: string): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}
