/** The page's side of the sandbox: one warm frame, one worker a run, a watchdog, and a way to stop anything. */
import { protocolVersion, readFromLab, type LabJob, type LabToPage, type PageToLab } from "../protocol.ts";
import { measureSize, sizeOfData } from "../size.ts";

import { Life } from "./life.ts";

type Unaddressed<T> = T extends unknown ? Omit<T, "v" | "run"> : never;

export type Ending =
  | { readonly kind: "done"; readonly exported: Readonly<Record<string, number | string | boolean>> }
  | { readonly kind: "stopped"; readonly by: "learner" | "watchdog" | "flood" | "crash"; readonly message: string };

export interface RunHandle {
  readonly ended: Promise<Ending>;
  send(message: Unaddressed<PageToLab>): void;
  stop(): void;
}

export interface RunOptions {
  /** Seconds without an answer after which the lab is stopped. */
  readonly limit: number;
  /** Every message but pongs and the end. */
  onMessage(message: LabToPage): void;
}

/** Seconds. */
const pingEvery = 0.25;
const frameMayTake = 20;
/** How long a frame may take to confirm that a worker is gone. After a run that ended by itself it is only slow, not stuck: what runs beside must not be lost. */
const endMayTake = { done: 10, stopped: 0.3 };

type Finish = (ending: Ending) => void;

export class Sandbox {
  readonly #src: string;
  readonly #active = new Map<number, Finish>();
  /** Runs whose worker is being ended. */
  readonly #endings = new Map<number, () => void>();
  /** Resolves once no frame that may have to be replaced is waited for. */
  #settled: Promise<unknown> = Promise.resolve();
  #frame: HTMLIFrameElement | null = null;
  #ready: Promise<void> = Promise.resolve();
  #onReady: () => void = () => undefined;
  #disposed = false;
  #runs = 0;

  /** `src`: URL of the sandbox document. */
  constructor(src: string) {
    this.#src = src;
    addEventListener("message", this.#fromFrame);
  }

  /** Loads the frame and a worker with the engine, if they are not there yet. */
  warm(): Promise<void> {
    if (this.#frame !== null) return this.#ready;
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-scripts");
    frame.src = this.#src;
    frame.title = "Lab sandbox (nothing to see here)";
    frame.hidden = true;
    frame.tabIndex = -1;
    this.#frame = frame;
    this.#ready = new Promise((resolve, reject) => {
      this.#onReady = resolve;
      setTimeout(() => reject(new Error("The sandbox did not load. Reload the page.")), frameMayTake * 1000);
    });
    document.body.append(frame);
    return this.#ready;
  }

  /** Starts the job in a worker of its own. Several runs may be under way. */
  async start(job: LabJob, options: RunOptions): Promise<RunHandle> {
    // A frame that does not end what was stopped is replaced, and would take this run with it.
    await this.#settled;
    await this.warm();
    const run = ++this.#runs;
    const { port1: port, port2: theirs } = new MessageChannel();
    const send = (message: Unaddressed<PageToLab>) =>
      port.postMessage({ v: protocolVersion, run, ...message } as PageToLab);

    let finish: Finish = () => undefined;
    const ended = new Promise<Ending>((resolve) => {
      finish = (ending) => {
        if (!this.#active.delete(run)) return;
        clearInterval(watch);
        port.onmessage = null;
        port.close();
        resolve(ending);
        if (ending.kind === "stopped" && ending.by === "flood")
          this.#replaceFrame("Stopped: another lab on this page flooded it.");
        else this.#endWorker(run, ending.kind);
      };
    });
    this.#active.set(run, finish);

    const life = new Life(options.limit, performance.now());
    port.onmessage = (event) => {
      // The guard has measured and validated it already; this is the same again, in case that a browser let code into the frame.
      const size = measureSize(event.data, sizeOfData);
      const message = "problem" in size ? size : readFromLab(event.data, run);
      if ("problem" in message) {
        finish({
          kind: "stopped",
          by: "flood",
          message: `Stopped: the code sent something a lab may not send (${message.problem}).`,
        });
      } else if (message.type === "pong") life.answered(performance.now());
      else if (message.type === "done") finish({ kind: "done", exported: message.exported });
      else {
        if (message.type === "progress") life.busy(performance.now());
        if (message.type === "measure" || message.type === "openStream") life.waits(performance.now());
        options.onMessage(message);
      }
    };

    let pings = 0;
    const watch = setInterval(() => {
      const now = performance.now();
      const message = life.over(now);
      if (message !== null) finish({ kind: "stopped", by: "watchdog", message });
      else if (life.asks(now)) send({ type: "ping", n: ++pings });
    }, pingEvery * 1000);

    this.#post({ type: "begin", run }, theirs);
    send({ type: "start", job });
    const answer = (message: Unaddressed<PageToLab>) => {
      if (message.type === "measured" || message.type === "refused" || message.type === "streamEnd")
        life.waitedFor(performance.now());
      send(message);
    };
    return { ended, send: answer, stop: () => finish({ kind: "stopped", by: "learner", message: "Stopped by you." }) };
  }

  /** Ends everything and removes the frame. */
  dispose(): void {
    this.#disposed = true;
    removeEventListener("message", this.#fromFrame);
    this.#replaceFrame("Stopped: the page was left.");
  }

  /** Ends a worker; a frame that does not confirm it in time is replaced. */
  #endWorker(run: number, after: Ending["kind"]): void {
    if (this.#frame === null) return;
    const ended = new Promise<void>((resolve) => {
      const late = setTimeout(
        () => this.#replaceFrame("Stopped: the sandbox had to be restarted."),
        endMayTake[after] * 1000,
      );
      this.#endings.set(run, () => {
        clearTimeout(late);
        resolve();
      });
    });
    if (after === "stopped") this.#settled = Promise.all([this.#settled, ended]);
    this.#post({ type: "end", run });
  }

  #replaceFrame(message: string): void {
    this.#frame?.remove();
    this.#frame = null;
    for (const settle of this.#endings.values()) settle();
    this.#endings.clear();
    for (const finish of [...this.#active.values()]) finish({ kind: "stopped", by: "crash", message });
    if (!this.#disposed) void this.warm().catch(() => undefined);
  }

  #post(message: { type: "begin" | "end"; run: number }, port?: MessagePort): void {
    // The frame's origin is opaque, which no target origin but "*" matches.
    this.#frame?.contentWindow?.postMessage({ v: protocolVersion, ...message }, "*", port === undefined ? [] : [port]);
  }

  readonly #fromFrame = (event: MessageEvent): void => {
    if (this.#frame === null || event.source !== this.#frame.contentWindow) return;
    const { v, type, run, message } = (event.data ?? {}) as Readonly<Record<string, unknown>>;
    if (v !== protocolVersion || typeof run !== "number") return;
    if (type === "flood")
      this.#active.get(run)?.({ kind: "stopped", by: "flood", message: String(message).slice(0, 300) });
    else if (type === "ready") this.#onReady();
    else if (type === "ended") {
      this.#endings.get(run)?.();
      this.#endings.delete(run);
    } else if (type === "broken") {
      this.#active.get(run)?.({
        kind: "stopped",
        by: "crash",
        message: "Stopped: the lab's worker failed, probably because it ran out of memory.",
      });
    }
  };
}
