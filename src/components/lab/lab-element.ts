/** <perf-lab>: all that a page loads of a lab before a learner gets near it. */
import type { MountedLab } from "./mount-lab.ts";

/** The rest is loaded when the lab is this close to the window, or when someone uses it. */
const near = "300px";

class PerfLab extends HTMLElement {
  #mounted: Promise<MountedLab> | null = null;
  #watch: IntersectionObserver | null = null;

  connectedCallback(): void {
    this.#watch = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) void this.mount();
      },
      { rootMargin: near },
    );
    this.#watch.observe(this);
    this.addEventListener("click", this.#early, { capture: true });
    this.addEventListener("submit", this.#early, { capture: true });
  }

  disconnectedCallback(): void {
    this.#watch?.disconnect();
    void this.#mounted?.then((lab) => lab.dispose());
    this.#mounted = null;
  }

  /** Resolves once the lab can be used. */
  mount(): Promise<MountedLab> {
    this.#watch?.disconnect();
    return (this.#mounted ??= this.#load());
  }

  /** Replaces the learner's code, as if typed. */
  async setCode(code: string): Promise<void> {
    (await this.mount()).setCode(code);
  }

  async #load(): Promise<MountedLab> {
    const { mountLab } = await import("./mount-lab.ts");
    const lab = await mountLab(this);
    this.removeEventListener("click", this.#early, { capture: true });
    this.removeEventListener("submit", this.#early, { capture: true });
    this.dataset["ready"] = "";
    return lab;
  }

  /** A click that comes before the lab is ready is kept until it is. */
  readonly #early = (event: Event): void => {
    const button = (event.target as Element).closest<HTMLElement>("button, .lab-editor");
    if (button === null) return;
    event.preventDefault();
    event.stopPropagation();
    void this.mount().then(() => button.click());
  };
}

customElements.define("perf-lab", PerfLab);

// Under `npm run dev`: the lab has been built again.
import.meta.hot?.on("perflab:labs", (ids: readonly string[]) => {
  if (ids.some((id) => document.querySelector(`perf-lab[data-lab="${CSS.escape(id)}"]`) !== null)) location.reload();
});
