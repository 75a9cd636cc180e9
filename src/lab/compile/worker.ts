/** The compile worker: a static file of its own, so that esbuild's WebAssembly needs no permission on the page. */
import * as esbuild from "esbuild-wasm/esm/browser.js";
import { compile, type Compilation } from "./compiler.ts";

export interface CompileRequest {
  readonly id: number;
  readonly wasm: string;
  readonly files: Readonly<Record<string, string>>;
  readonly modules: Readonly<Record<string, readonly string[]>>;
}
export interface CompileAnswer {
  readonly id: number;
  readonly compilation?: Compilation;
  /** Why the compiler itself could not work. */
  readonly broken?: string;
  /** It broke before it had compiled anything. */
  readonly atStart?: boolean;
}

/** The part of a worker's global scope used here; TypeScript's own library for it clashes with the DOM's. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<CompileRequest>) => void) | null;
  postMessage(message: CompileAnswer): void;
}

const scope = globalThis as unknown as WorkerScope;
let ready: Promise<void> | null = null;
let started = false;
const pending = new Set<number>();

scope.onmessage = (event: MessageEvent<CompileRequest>) => {
  const { id, wasm, files, modules } = event.data;
  pending.add(id);
  ready ??= start(wasm);
  ready
    .then(() => (started = true))
    .then(() => compile(esbuild, { entry: "main.ts", files, modules }))
    .then(
      (compilation) => answer({ id, compilation }),
      (error: unknown) =>
        answer({ id, broken: error instanceof Error ? error.message : String(error), atStart: !started }),
    );
};

// Where esbuild's WebAssembly dies, the promise of the build never settles: what it leaves behind is an error nobody catches.
for (const type of ["error", "unhandledrejection"])
  addEventListener(type, (event) => {
    event.preventDefault();
    const { message, reason } = event as { message?: string; reason?: unknown };
    for (const id of pending) answer({ id, broken: message ?? String(reason), atStart: !started });
  });

function answer(message: CompileAnswer): void {
  pending.delete(message.id);
  scope.postMessage(message);
}

/** The first build after start costs as much as the start: it is done here, on nothing, before anyone waits for one. */
async function start(wasm: string): Promise<void> {
  await esbuild.initialize({ wasmURL: wasm, worker: false });
  await compile(esbuild, { entry: "main.ts", files: { "main.ts": "export {};" }, modules: {} });
}
