/** `<static-chart>`: a figure drawn at build, which becomes a chart to point at when it comes into view. Small: every lesson loads it. */

/** Fetched a little before the figure is seen. */
const NEAR = "200px";

class StaticChart extends HTMLElement {
  #sight: IntersectionObserver | null = null;

  connectedCallback(): void {
    this.#sight = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        this.#sight?.disconnect();
        void this.#enliven();
      },
      { rootMargin: NEAR },
    );
    this.#sight.observe(this);
  }

  disconnectedCallback(): void {
    this.#sight?.disconnect();
  }

  /** The picture stays until the new one is drawn, and the room it takes stays the same. */
  async #enliven(): Promise<void> {
    const packed = this.dataset["chart"];
    if (packed === undefined) return;
    const [{ unpackChart }] = await Promise.all([import("./packed.ts"), import("./perf-chart.ts")]);
    const { chart, origin } = unpackChart(packed);
    const live = document.createElement("perf-chart");
    live.dataset["kind"] = chart.kind;
    const old = [...this.childNodes];
    const height = this.getBoundingClientRect().height;
    live.classList.add("chart-coming");
    live.addEventListener(
      "chart-painted",
      () => {
        // What is hidden can't take the focus.
        live.classList.remove("chart-coming");
        for (const fold of live.querySelectorAll("details")) takeOver(fold, this);
        for (const node of old) node.remove();
        // What is below must not move under the reader's eyes: a difference of a few pixels is taken as room.
        const difference = height - live.getBoundingClientRect().height;
        if (difference > 0 && difference < 40) live.style.paddingBottom = `${difference}px`;
      },
      { once: true },
    );
    Object.assign(live, { description: chart, origin });
    this.append(live);
  }
}

/** What was open stays open, and keeps the focus: it may be under somebody's hand while the chart comes alive. */
function takeOver(fold: HTMLDetailsElement, from: HTMLElement): void {
  const old = from.querySelector<HTMLDetailsElement>(
    `:scope > :not(perf-chart) details.${fold.className}, :scope > details.${fold.className}`,
  );
  if (old === null) return;
  fold.open = old.open;
  if (old.contains(document.activeElement)) fold.querySelector("summary")?.focus({ preventScroll: true });
}

if (!customElements.get("static-chart")) customElements.define("static-chart", StaticChart);
