/** A shipped trace's file, for the lab that replays it: from the network once a page, then from the browser's stores, offline too (its name has its hash). */
import type { PackedTrace } from "../engine/workload/traces/decode.ts";
import type { TraceFile } from "./setup.ts";

/** What a learner is told, with what to do next. */
export class TraceNotLoaded extends Error {
  override readonly name = "TraceNotLoaded";
}

export interface TraceOptions {
  readonly signal?: AbortSignal;
  /** Bytes that are here, and bytes in all. */
  onBytes?(done: number, of: number): void;
}

const traces = new Map<string, Promise<PackedTrace>>();

/**
 * What failed or was stopped is fetched anew the next time.
 * @throws TraceNotLoaded where it can't be had; what `signal` was aborted with where it was.
 */
export async function fetchTrace(name: string, file: TraceFile, options: TraceOptions = {}): Promise<PackedTrace> {
  const known = traces.get(file.url) ?? load(name, file, options);
  traces.set(file.url, known);
  try {
    return await known;
  } catch (error) {
    traces.delete(file.url);
    throw error;
  }
}

async function load(name: string, file: TraceFile, { signal, onBytes }: TraceOptions): Promise<PackedTrace> {
  const fault = (why: string) => new TraceNotLoaded(`The trace ${name} could not be loaded: ${why}`);
  const size = `${Math.ceil(file.bytes / 1000)} kB`;
  let text = "";
  let bytes = 0;
  onBytes?.(0, file.bytes);
  try {
    const response = await fetch(file.url, { cache: "force-cache", ...(signal && { signal }) });
    if (response.status === 404) throw fault("this page is older than the site. Reload it; your code is kept.");
    if (!response.ok || response.body === null)
      throw fault(`the server answers ${response.status}. Wait a moment, then try again.`);
    const decoder = new TextDecoder();
    for (const reader = response.body.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
      bytes += value.length;
      onBytes?.(Math.min(bytes, file.bytes), file.bytes);
    }
  } catch (error) {
    if (signal?.aborted === true || error instanceof TraceNotLoaded) throw error;
    throw fault(`there is no connection, and it is not stored here yet. Connect once for its ${size}, then try again.`);
  }
  return parsed(text, name) ?? Promise.reject(fault(`only ${bytes} of its ${file.bytes} bytes came. Try again.`));
}

function parsed(text: string, name: string): PackedTrace | null {
  try {
    const trace = JSON.parse(text) as PackedTrace;
    return trace.name === name && typeof trace.data === "string" ? trace : null;
  } catch {
    return null;
  }
}
