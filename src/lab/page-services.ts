/** What all labs of a page share: one sandbox frame, one compiler, and each file fetched once. */
import { CompileClient } from "./compile/client.ts";
import { Sandbox } from "./sandbox/sandbox.ts";
import type { PackedTrace } from "../engine/workload/traces/decode.ts";
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

const traces = new Map<string, Promise<PackedTrace>>();

/** A shipped trace's file: once a page from the network, and from the browser's cache from then on, offline too (its name has its hash). */
export async function fetchTrace(url: string, onFraction: (fraction: number) => void): Promise<PackedTrace> {
  const known = traces.get(url) ?? loadTrace(url, onFraction);
  traces.set(url, known);
  try {
    return await known;
  } catch (error) {
    traces.delete(url);
    throw error;
  }
}

async function loadTrace(url: string, onFraction: (fraction: number) => void): Promise<PackedTrace> {
  const missing = "The trace that this code replays could not be loaded. Look at the connection and press Run again.";
  const response = await fetch(url, { cache: "force-cache" }).catch(() => null);
  if (response === null || !response.ok || response.body === null) throw new Error(missing);
  const total = Number(response.headers.get("content-length") ?? 0);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for (const reader = response.body.getReader(); ;) {
    const { done, value } = await reader.read().catch(() => {
      throw new Error(missing);
    });
    if (done) break;
    parts.push(value);
    bytes += value.length;
    onFraction(total > 0 ? Math.min(1, bytes / total) : 0);
  }
  return JSON.parse(await new Blob(parts).text()) as PackedTrace;
}
