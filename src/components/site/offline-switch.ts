/** Wires the foot's offline switch to the shelf, and says when the site is newer than the page. */
import { Shelf } from "../../offline/shelf.ts";

export function startOffline(): void {
  const host = document.querySelector<HTMLElement>("course-offline");
  // No worker over plain http from another machine, in a private window of some browsers, or when switched off.
  if (host === null || !("serviceWorker" in navigator) || !("caches" in globalThis)) return;
  const shelf = new Shelf(host.dataset["base"] ?? "/");
  const whenIdle = globalThis.requestIdleCallback ?? ((task: () => void) => setTimeout(task, 200));
  const open = (): void =>
    void whenIdle(() => {
      // Storage switched off: the course is read online, as before.
      shelf.open(sayUpdated).catch(() => undefined);
    });
  if (document.readyState === "complete") open();
  else addEventListener("load", open, { once: true });
  // The size is only worth a request when somebody gets to see it.
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    seen.disconnect();
    void new Switch(host, shelf).show();
  });
  const foot = host.closest("footer");
  if (foot !== null) seen.observe(foot);
}

class Switch {
  readonly #host: HTMLElement;
  readonly #shelf: Shelf;
  readonly #store: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  readonly #progress: HTMLProgressElement;
  readonly #status: HTMLElement;
  #running: AbortController | null = null;

  constructor(host: HTMLElement, shelf: Shelf) {
    this.#host = host;
    this.#shelf = shelf;
    this.#store = host.querySelector('[data-do="store"]')!;
    this.#stop = host.querySelector('[data-do="stop"]')!;
    this.#progress = host.querySelector("progress")!;
    this.#status = host.querySelector('[role="status"]')!;
    this.#store.addEventListener("click", () => void this.#fill());
    this.#stop.addEventListener("click", () => this.#running?.abort());
  }

  async show(): Promise<void> {
    const missing = await this.#shelf.missing().catch(() => null);
    // Offline and never listed: nothing to offer now.
    if (missing === null) return;
    this.#host.hidden = false;
    this.#store.hidden = missing.files.length === 0;
    this.#store.textContent = `Make available offline (≈ ${megabytes(missing.bytes)})`;
    if (missing.files.length === 0) this.#status.textContent = "The whole course is stored on this device.";
  }

  async #fill(): Promise<void> {
    this.#running = new AbortController();
    this.#busy(true);
    this.#stop.focus();
    try {
      await this.#shelf.fill(this.#running.signal, (done, of) => {
        this.#progress.max = of;
        this.#progress.value = done;
      });
      this.#status.textContent = "";
    } catch (error) {
      this.#status.textContent = this.#running.signal.aborted
        ? "Stopped; what has been stored stays."
        : `${inWords(error)} What has been stored stays; try again to fetch the rest.`;
    }
    this.#busy(false);
    await this.show();
    if (!this.#store.hidden) this.#store.focus();
  }

  #busy(on: boolean): void {
    this.#store.hidden = on;
    this.#stop.hidden = !on;
    this.#progress.hidden = !on;
    if (on) this.#status.textContent = "Storing the course…";
  }
}

function inWords(error: unknown): string {
  if (error instanceof DOMException && error.name === "QuotaExceededError")
    return "There is no room left in this browser’s storage.";
  return "The connection broke off.";
}

function megabytes(bytes: number): string {
  const value = bytes / 1e6;
  return `${value < 1 ? value.toFixed(1) : value.toFixed(0)} MB`;
}

function sayUpdated(): void {
  if (document.querySelector(".course-update") !== null) return;
  const notice = document.createElement("p");
  notice.className = "course-update";
  notice.setAttribute("role", "status");
  const reload = document.createElement("button");
  reload.type = "button";
  reload.textContent = "Reload";
  reload.addEventListener("click", () => location.reload());
  notice.append("The course has been updated since you opened this page. Your code is kept. ", reload);
  document.body.append(notice);
}
