/** What all labs of a page share: one sandbox frame, one compiler, and each file fetched once. */
import { CompileClient } from "./compile/client.ts";
import { Sandbox } from "./sandbox/sandbox.ts";
import type { LabCode, LabUrls } from "./setup.ts";

let sandbox: Sandbox | null = null;
let compiler: CompileClient | null = null;
const fetched = new Map<string, Promise<unknown>>();

export function pageSandbox(urls: LabUrls): Sandbox {
  return (sandbox ??= new Sandbox(urls.sandbox));
}

export async function pageCompiler(urls: LabUrls): Promise<CompileClient> {
  const modules = await fetchJson<Readonly<Record<string, readonly string[]>>>(urls.modules);
  return (compiler ??= new CompileClient({ worker: urls.compileWorker, wasm: urls.compileWasm }, modules));
}

export function fetchLabCode(urls: LabUrls): Promise<LabCode> {
  return fetchJson<LabCode>(urls.code);
}

/** Code that no file holds, under the name that a setup gives it: a lab that is being written. */
export function offerCode(url: string, code: LabCode): void {
  fetched.set(url, Promise.resolve(code));
}

/** The answer of a static file of ours; a failed fetch is tried again the next time. */
export async function fetchJson<T>(url: string): Promise<T> {
  const known = fetched.get(url) ?? load(url).then((response) => response.json());
  fetched.set(url, known);
  try {
    return (await known) as T;
  } catch (error) {
    fetched.delete(url);
    throw error;
  }
}

/** As text, and not kept. */
export async function fetchText(url: string): Promise<string> {
  return (await load(url)).text();
}

async function load(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`A part of this lab could not be loaded (${response.status}). Reload the page.`);
  return response;
}
