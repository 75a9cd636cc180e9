/** The page's side of the compile worker: started on intent, one answer for each request. */
import type { Compilation } from "./compiler.ts";
import type { CompileAnswer, CompileRequest } from "./worker.ts";

export interface CompilerFiles {
  readonly worker: string;
  readonly wasm: string;
}

/** A start that takes longer than this is reported rather than waited for. Seconds. */
const patience = 60;

export class CompileClient {
  readonly #files: CompilerFiles;
  readonly #modules: Readonly<Record<string, readonly string[]>>;
  readonly #waiting = new Map<number, (answer: CompileAnswer) => void>();
  #worker: Worker | null = null;
  #id = 0;

  constructor(files: CompilerFiles, modules: Readonly<Record<string, readonly string[]>>) {
    this.#files = files;
    this.#modules = modules;
  }

  /** Loads and warms esbuild without waiting for it. */
  warm(): void {
    if (this.#worker === null) void this.compile({ "main.ts": "export {};" }).catch(() => undefined);
  }

  /** @throws Error when the compiler can't be loaded. */
  async compile(files: Readonly<Record<string, string>>): Promise<Compilation> {
    const worker = (this.#worker ??= this.#start());
    const id = ++this.#id;
    const answer = await new Promise<CompileAnswer>((resolve) => {
      const timer = setTimeout(() => resolve({ id, broken: `no answer after ${patience} s` }), patience * 1000);
      this.#waiting.set(id, (said) => {
        clearTimeout(timer);
        resolve(said);
      });
      const request: CompileRequest = { id, wasm: this.#files.wasm, files, modules: this.#modules };
      worker.postMessage(request);
    });
    this.#waiting.delete(id);
    if (answer.compilation !== undefined) return answer.compilation;
    this.dispose();
    throw new Error(
      `The compiler could not be loaded (${answer.broken ?? "no reason given"}). Reload the page, or run the untouched starter.`,
    );
  }

  dispose(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }

  #start(): Worker {
    const worker = new Worker(this.#files.worker);
    worker.onmessage = (event: MessageEvent<CompileAnswer>) => this.#waiting.get(event.data.id)?.(event.data);
    worker.onerror = (event) => {
      for (const [id, resolve] of this.#waiting) resolve({ id, broken: event.message || "the worker did not start" });
    };
    return worker;
  }
}
