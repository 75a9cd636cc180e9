/** `<perf-chart>`: a chart in the page, with its title, what its data are worth, the picture, and the data. */
import type { ChartDescription, ChartOrigin } from "../../engine/chart/types.ts";
import { saveFile } from "../save-file.ts";
import { say } from "../language/page-words.ts";
import { badgeText } from "./badge.ts";
import { shownTable, toCsv } from "./cells.ts";
import { dataTable } from "./data-table.ts";
import type { InteractivePlot } from "./interactive-plot.ts";

/** Where the method page stands, under whatever base the site is served. */
const base = (import.meta as { readonly env?: { readonly BASE_URL?: string } }).env?.BASE_URL ?? "/";
const method = `${base.replace(/\/?$/, "/")}accuracy/#how-wrong-it-is`;

const plots = () => Promise.all([import("./interactive-plot.ts"), import("./draw-queue.ts")]);

/** Fetches what draws ahead of the first chart: for when a lab comes into view. */
export function warmCharts(): Promise<unknown> {
  return plots();
}

/** Pictures off the screen are drawn when it is near, or when the page has nothing else to do. */
const NEAR = "300px";
const IDLE = 3000;

type Action = "copy" | "csv" | "picture" | "copyPicture";

/** Fires `chart-painted` (bubbles) when a picture is on the page. */
export class PerfChart extends HTMLElement {
  #description: ChartDescription | null = null;
  #origin: ChartOrigin | null = null;
  #drawnWith = "";
  #plot: InteractivePlot | null = null;
  #kind: ChartDescription["kind"] | null = null;
  #parts: ReturnType<typeof skeleton> | null = null;
  #scheduled = false;
  #near = false;
  #idle = 0;
  #dressed = false;
  #connection: AbortController | null = null;

  get description(): ChartDescription | null {
    return this.#description;
  }
  /** A new description of the same kind is drawn in place. */
  set description(next: ChartDescription | null) {
    this.#description = next;
    this.#dressed = false;
    this.#schedule();
  }
  get origin(): ChartOrigin | null {
    return this.#origin;
  }
  set origin(next: ChartOrigin | null) {
    this.#origin = next;
    this.#dressed = false;
    this.#schedule();
  }
  get drawnWith(): string {
    return this.#drawnWith;
  }
  /** Which parameters it was drawn with, in words; stands under the picture. */
  set drawnWith(words: string) {
    this.#drawnWith = words;
    this.#dressed = false;
    this.#schedule();
  }

  connectedCallback(): void {
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    const themes = new MutationObserver(() => this.#plot?.repaint());
    themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    const sights = new IntersectionObserver(
      (entries) => {
        this.#near ||= entries.some((entry) => entry.isIntersecting);
        if (this.#near) this.#schedule();
      },
      { rootMargin: NEAR },
    );
    sights.observe(this);
    signal.addEventListener("abort", () => {
      themes.disconnect();
      sights.disconnect();
    });
    window.addEventListener("beforeprint", () => this.#forPrint(), { signal });
    window.addEventListener("afterprint", () => this.#parts?.print.replaceChildren(), { signal });
    matchMedia("print").addEventListener(
      "change",
      ({ matches }) => (matches ? this.#forPrint() : this.#parts?.print.replaceChildren()),
      { signal },
    );
    this.#schedule();
  }

  disconnectedCallback(): void {
    this.#connection?.abort();
    this.#unmount();
    if (this.#idle !== 0) whenIdle.cancel(this.#idle);
    this.#idle = 0;
  }

  /** Several changes in one go are one drawing. */
  #schedule(): void {
    if (this.#scheduled || !this.isConnected) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (!this.isConnected || !this.#description) return;
      this.#dress(this.#description);
      if (this.#near) void this.#render(this.#description);
      else if (this.#idle === 0) this.#idle = whenIdle.request(() => this.#drawIdle());
    });
  }

  #drawIdle(): void {
    this.#idle = 0;
    this.#near = true;
    this.#schedule();
  }

  /** Everything but the picture. */
  #dress(description: ChartDescription): void {
    if (this.#dressed) return;
    this.#dressed = true;
    const parts = (this.#parts ??= skeleton(this));
    parts.title.textContent = description.title;
    parts.origin.hidden = this.#origin === null;
    if (this.#origin) {
      parts.badge.textContent = say(badgeText(this.#origin));
      parts.badge.dataset["kind"] = this.#origin.kind;
      if (parts.origin.open) void this.explain();
    }
    parts.finding.textContent = description.finding;
    parts.note.textContent = description.note ?? "";
    parts.drawnWith.textContent = say(this.#drawnWith);
    for (const words of [parts.note, parts.drawnWith]) words.hidden = words.textContent === "";
    parts.scroll.setAttribute("aria-label", say(`Data of ${description.title}`));
    parts.scroll.replaceChildren();
    const drawn = description.kind !== "table";
    parts.plot.hidden = !drawn;
    for (const button of parts.pictures) button.hidden = !drawn;
    if (!drawn) parts.data.open = true;
    if (parts.data.open) this.opened();
  }

  async #render(description: ChartDescription): Promise<void> {
    const painted = () => this.dispatchEvent(new CustomEvent("chart-painted", { bubbles: true }));
    if (description.kind === "table") {
      this.#unmount();
      painted();
      return;
    }
    if (this.#plot && this.#kind === description.kind) return this.#plot.update(description);
    const [{ InteractivePlot }, { drawSoon }] = await plots();
    drawSoon(() => {
      // Another description, or none, may have come in the meantime.
      if (this.#description !== description || !this.isConnected || !this.#parts) return;
      this.#unmount();
      this.#kind = description.kind;
      this.#plot = new InteractivePlot(this.#parts.plot, description, painted);
    });
  }

  #unmount(): void {
    this.#plot?.destroy();
    this.#plot = null;
  }

  /** A drawing in the colours of paper: a canvas has those of the screen. */
  #forPrint(): void {
    const [parts, description] = [this.#parts, this.#description];
    if (!parts || !description || parts.print.hasChildNodes()) return;
    if (description.kind === "table") this.opened();
    else if (svg) parts.print.innerHTML = svg(description, { id: `print-${++printed}`, say });
  }

  /** Called by the buttons below the data. */
  act(action: Action): void {
    const description = this.#description;
    if (!description) return;
    const name =
      description.title
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, "") || "chart";
    if (action === "copy") void this.#copy(() => navigator.clipboard.writeText(toCsv(description.table)));
    if (action === "csv") saveFile(`${name}.csv`, toCsv(description.table), "text/csv");
    const picture = this.#plot?.picture(description.title, this.#origin ? badgeText(this.#origin) : "");
    if (action === "picture") picture?.toBlob((blob) => blob && saveFile(`${name}.png`, blob, "image/png"));
    if (action === "copyPicture" && picture)
      void this.#copy(() => {
        const blob = new Promise<Blob>((resolve, reject) => {
          picture.toBlob((made) => (made ? resolve(made) : reject(new Error("no picture"))));
        });
        return navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
      });
  }

  async #copy(write: () => Promise<void>): Promise<void> {
    const said = await Promise.resolve()
      .then(write)
      .then(
        () => "Copied.",
        () => "The browser did not allow copying; download it instead.",
      );
    if (this.#parts) this.#parts.status.textContent = say(said);
  }

  /** The data are built when their details open. */
  opened(): void {
    const scroll = this.#parts?.scroll;
    if (scroll && !scroll.hasChildNodes() && this.#description) scroll.append(dataTable(shownTable(this.#description)));
  }

  /** What the numbers are worth is worked out when somebody asks. */
  async explain(): Promise<void> {
    const [parts, description, origin] = [this.#parts, this.#description, this.#origin];
    if (!parts || !description || !origin) return;
    const { howWrong } = await import("./how-wrong.ts");
    const link = element("a", "", say("How we know"));
    link.href = method;
    parts.worth.replaceChildren(
      ...howWrong(description, origin).map((text) => element("p", "", say(text))),
      element("p", "", link),
    );
  }
}

let printed = 0;
let svg: typeof import("./svg.ts").chartSvg | null = null;

/** Safari has no idle callbacks. */
const whenIdle =
  typeof requestIdleCallback === "function"
    ? {
        request: (run: () => void) => requestIdleCallback(run, { timeout: IDLE }),
        cancel: (id: number) => cancelIdleCallback(id),
      }
    : { request: (run: () => void) => Number(setTimeout(run, 200)), cancel: (id: number) => clearTimeout(id) };

function element<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, className: string, ...children: (Node | string)[]) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

function skeleton(chart: PerfChart) {
  // Printing does not wait: what draws on paper is fetched with the first chart.
  void import("./svg.ts").then(({ chartSvg }) => (svg = chartSvg));
  const title = element("p", "chart-title");
  const badge = element("summary", "chart-badge");
  const worth = element("div", "chart-worth");
  const origin = element("details", "chart-origin", badge, worth);
  origin.addEventListener("toggle", () => {
    if (origin.open) void chart.explain();
  });
  const plot = element("div", "chart-plot");
  const print = element("div", "chart-print");
  const note = element("p", "chart-note");
  const drawnWith = element("p", "chart-drawn-with");
  const finding = element("p", "chart-finding");
  finding.hidden = true;
  const scroll = element("div", "chart-scroll");
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  const button = (label: string, action: Action) => {
    const made = element("button", "", say(label));
    made.type = "button";
    made.addEventListener("click", () => chart.act(action));
    return made;
  };
  const pictures = [button("Copy picture", "copyPicture"), button("Download picture", "picture")];
  const status = element("span", "");
  status.setAttribute("role", "status");
  const tools = element(
    "div",
    "chart-tools",
    button("Copy as CSV", "copy"),
    button("Download CSV", "csv"),
    ...pictures,
    status,
  );
  const data = element("details", "chart-data", element("summary", "", say("Data")), scroll, tools);
  data.addEventListener("toggle", () => {
    if (data.open) chart.opened();
  });
  chart.replaceChildren(element("div", "chart-head", title, origin), plot, print, note, drawnWith, finding, data);
  return { title, badge, worth, origin, plot, print, note, drawnWith, finding, scroll, pictures, status, data };
}

if (!customElements.get("perf-chart")) customElements.define("perf-chart", PerfChart);
