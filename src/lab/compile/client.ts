/** The page's side of the compile worker: started on intent, one answer for each request. */
import type { Compilation, Problem } from "./compiler.ts";
import type { CompileAnswer, CompileRequest } from "./worker.ts";

export interface CompilerFiles {
  readonly worker: string;
  readonly wasm: string;
}

/** Where the compiler gave up, said of the code as a whole: which part was too much, it can't say any more. */
function tooMuch(files: Readonly<Record<string, string>>, why: string): Problem {
  const [file = "main.ts"] = Object.keys(files).filter((name) => name === "main.ts");
  const text =
    "The compiler gave up on this code. Something in it is too deep or too long for it: many brackets within brackets, or one expression of thousands of parts. " +
    `Write it in smaller steps. (${why.slice(0, 200)})`;
  return { file, line: 1, column: 0, length: 0, text };
}

/** A start that takes longer than this is reported rather than waited for. Seconds. */
const patience = 60;

export class CompileClient {
  readonly #files: CompilerFiles;
  readonly #modules: Readonly<Record<string, readonly string[]>>;
  readonly #waiting = new Map<number, (answer: CompileAnswer) => void>();
  #worker: Worker | null = null;
  #id = 0;
  /** It has compiled something: what fails now is the code, not the loading. */
  #works = false;

  constructor(files: CompilerFiles, modules: Readonly<Record<string, readonly string[]>>) {
    this.#files = files;
    this.#modules = modules;
  }

  /** Loads and warms esbuild without waiting for it. */
  warm(): void {
    if (this.#worker === null) void this.compile({ "main.ts": "export {};" }).catch(() => undefined);
  }

  /** `modules`: what the code may import, where that is not the client's own. @throws Error when the compiler can't be loaded. */
  async compile(files: Readonly<Record<string, string>>, modules = this.#modules): Promise<Compilation> {
    const worker = (this.#worker ??= this.#start());
    const id = ++this.#id;
    const answer = await new Promise<CompileAnswer>((resolve) => {
      const timer = setTimeout(() => resolve({ id, broken: `no answer after ${patience} s` }), patience * 1000);
      this.#waiting.set(id, (said) => {
        clearTimeout(timer);
        resolve(said);
      });
      const request: CompileRequest = { id, wasm: this.#files.wasm, files, modules };
      worker.postMessage(request);
    });
    this.#waiting.delete(id);
    if (answer.compilation !== undefined) {
      this.#works = true;
      return answer.compilation;
    }
    // Gone for good: the next request starts a new one.
    if (this.#worker === worker) this.dispose();
    const why = answer.broken ?? "no reason given";
    if (answer.atStart !== true && this.#works) return { ok: false, problems: [tooMuch(files, why)] };
    throw new Error(`The compiler could not be loaded (${why}). Reload the page, or run the untouched starter.`);
  }

  dispose(): void {
    this.#worker?.terminate();
    this.#worker = null;
    for (const [id, resolve] of this.#waiting) resolve({ id, broken: "it had to be started again" });
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
