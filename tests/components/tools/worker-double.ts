/** A browser's Worker and address for the states of tools, in which a test says when and what a worker answers. */
import { vi } from "vitest";

export class WorkerDouble extends EventTarget {
  static made: WorkerDouble[] = [];
  readonly asked: { readonly id: number; readonly question: unknown }[] = [];
  terminated = false;

  constructor() {
    super();
    WorkerDouble.made.push(this);
  }

  postMessage(message: { id: number; question: unknown }): void {
    this.asked.push(message);
  }

  terminate(): void {
    this.terminated = true;
  }

  /** Answers the last question. */
  async answer(answer: unknown): Promise<void> {
    await this.#send({ id: this.asked.at(-1)!.id, kind: "answer", answer });
  }

  /** The last question is bad input. */
  async refuse(field: string, text: string): Promise<void> {
    await this.#send({ id: this.asked.at(-1)!.id, kind: "problem", field, text });
  }

  async crash(): Promise<void> {
    this.dispatchEvent(new Event("error"));
    await settled();
  }

  async #send(data: unknown): Promise<void> {
    this.dispatchEvent(new MessageEvent("message", { data }));
    await settled();
  }
}

/** Everything that waits for what has been answered already has gone on. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

export function browserDouble(hash = ""): void {
  WorkerDouble.made = [];
  vi.stubGlobal("Worker", WorkerDouble);
  vi.stubGlobal("location", { hash, pathname: "/", search: "" });
  vi.stubGlobal("history", { replaceState: () => undefined });
  vi.stubGlobal("requestAnimationFrame", (act: () => void) => setImmediate(act));
}
