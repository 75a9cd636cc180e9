/** `<moving-figure>` and the points in the text that move it. Small: what draws is fetched when a figure comes near. */
import { say } from "../language/page-words.ts";
import { namesOf, type MovingFigure as Figure } from "./moving.ts";

/** Fetched a little before the figure is seen. */
const NEAR = "300px";

type Draw = typeof import("../charts/svg.ts").chartSvg;

class MovingFigure extends HTMLElement {
  #figure: Figure | null = null;
  #draw: Draw | null = null;
  #loading: Promise<void> | null = null;
  #at = 0;
  #playing = 0;

  connectedCallback(): void {
    const controls = this.querySelector<HTMLElement>(".controls");
    const slider = this.#slider();
    if (!controls || !slider) return;
    controls.hidden = false;
    this.#at = Number(slider.value);
    const sight = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        sight.disconnect();
        void this.#load();
      },
      { rootMargin: NEAR },
    );
    sight.observe(this);
    slider.addEventListener("input", () => this.#byHand(Number(slider.value)));
    for (const button of controls.querySelectorAll<HTMLButtonElement>("[data-do]"))
      button.addEventListener("click", () => {
        if (button.dataset.do === "play") this.#play(button);
        else this.#byHand(this.#at + (button.dataset.do === "on" ? 1 : -1));
      });
  }

  disconnectedCallback(): void {
    this.#stop();
  }

  /** Moves to the frame of that name. */
  show(name: string): void {
    void this.#load().then(() => {
      const at = this.#figure?.frames.findIndex((frame) => namesOf(frame).includes(name)) ?? -1;
      if (at >= 0) this.#byHand(at);
    });
  }

  #slider(): HTMLInputElement | null {
    return this.querySelector<HTMLInputElement>("input[type=range]");
  }

  #load(): Promise<void> {
    return (this.#loading ??= (async () => {
      const [{ unpackFigure }, { chartSvg }] = await Promise.all([
        import("./pack-figure.ts"),
        import("../charts/svg.ts"),
      ]);
      this.#figure = unpackFigure(this.querySelector("script[type='application/json']")?.textContent ?? "");
      this.#draw = chartSvg;
    })());
  }

  #byHand(at: number): void {
    this.#stop();
    void this.#load().then(() => this.#go(at));
  }

  #go(to: number): void {
    const [figure, draw, slider] = [this.#figure, this.#draw, this.#slider()];
    if (!figure || !draw || !slider) return;
    this.#at = Math.max(0, Math.min(figure.frames.length - 1, to));
    const frame = figure.frames[this.#at];
    if (!frame) return;
    slider.value = String(this.#at);
    slider.setAttribute("aria-valuetext", `${frame.at}. ${frame.says}`);
    const put = (selector: string, text: string) => {
      const place = this.querySelector(selector);
      if (place) place.textContent = text;
    };
    put("output", frame.at);
    put(".says", frame.says);
    this.querySelectorAll(".readings dd").forEach((value, i) => (value.textContent = frame.readings[i]?.[1] ?? ""));
    const id = this.closest("figure")?.id ?? "figure";
    this.querySelectorAll(".picture").forEach((picture, i) => {
      const panel = frame.panels[i];
      if (!panel) return;
      // Both widths, so that paper and a turned phone find the same state.
      for (const [name, width] of [
        ["wide", 720],
        ["narrow", 350],
      ] as const) {
        const place = picture.querySelector(`.chart-${name}`);
        if (place) place.innerHTML = draw(panel, { id: `${id}-${i}-${name}`, width, say });
      }
    });
  }

  #play(button: HTMLButtonElement): void {
    if (this.#playing !== 0) return this.#stop();
    button.textContent = say("Pause");
    void this.#load().then(() => {
      const figure = this.#figure;
      if (!figure) return;
      if (this.#at >= figure.frames.length - 1) this.#go(0);
      this.#playing = window.setInterval(() => {
        this.#go(this.#at + 1);
        if (this.#at >= figure.frames.length - 1) this.#stop();
      }, figure.play ?? 500);
    });
  }

  #stop(): void {
    window.clearInterval(this.#playing);
    this.#playing = 0;
    const button = this.querySelector("[data-do=play]");
    if (button) button.textContent = say("Play");
  }
}

if (!customElements.get("moving-figure")) customElements.define("moving-figure", MovingFigure);

/** Pointing at a marked sentence, or reaching it by key, moves its figure; a click also brings the figure into view. */
function follow(event: Event): void {
  const point = event.target instanceof Element ? event.target.closest<HTMLElement>("a.point") : null;
  if (!point) return;
  const figure = document.querySelector(`[id="${point.dataset.figure}"] moving-figure`);
  if (figure instanceof MovingFigure) figure.show(point.dataset.state ?? "");
}
for (const type of ["pointerover", "focusin", "click"]) document.addEventListener(type, follow);
