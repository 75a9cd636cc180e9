/** Fetches Monaco's parts, tells how far that is, and imports it. Once a page. */
import type { EditorSetup } from "../../lab/editor/code-editor.ts";
import { fetchJson } from "../../lab/page-services.ts";
import type { LabUrls } from "../../lab/setup.ts";

type Monaco = typeof import("../../lab/editor/monaco.ts");
interface Loaded {
  readonly createEditor: Monaco["createEditor"];
  readonly declarations: EditorSetup["declarations"];
  readonly reference: EditorSetup["reference"];
}

let loading: Promise<Loaded> | null = null;
const listeners = new Set<(fraction: number) => void>();

/** `onProgress`: from 0 to 1, by bytes. A failed load is tried again the next time. */
export function loadMonaco(urls: LabUrls, onProgress: (fraction: number) => void): Promise<Loaded> {
  listeners.add(onProgress);
  loading ??= load(urls).catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading.finally(() => listeners.delete(onProgress));
}

async function load(urls: LabUrls): Promise<Loaded> {
  const total = urls.editorParts.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const arrived = (bytes: number) => {
    done += bytes;
    for (const listener of listeners) listener(Math.min(1, done / total));
  };
  // Into the browser's cache, from which the import and the workers then take them.
  await Promise.all(urls.editorParts.map(({ url }) => drain(url, arrived)));
  const [{ createEditor }, declarations, pages] = await Promise.all([
    // A whole URL, which the development server leaves as it is; a path it would take for a source of its own.
    import(/* @vite-ignore */ new URL(urls.editor, location.href).href) as Promise<Monaco>,
    fetchJson<EditorSetup["declarations"]>(urls.declarations),
    fetchJson<Readonly<Record<string, string>>>(urls.referencePages),
    loadStyle(urls.editorStyle),
  ]);
  const reference = Object.entries(pages).map(([name, page]) => [
    name,
    new URL(urls.reference + page, location.href).href,
  ]);
  return { createEditor, declarations, reference: Object.fromEntries(reference) as EditorSetup["reference"] };
}

async function drain(url: string, arrived: (bytes: number) => void): Promise<void> {
  const response = await fetch(url);
  if (!response.ok || response.body === null) throw new Error(`a part of the editor did not load (${response.status})`);
  const reader = response.body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) arrived(read.value.length);
}

function loadStyle(href: string): Promise<void> {
  if (document.querySelector(`link[href="${href}"]`) !== null) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    link.onload = () => resolve();
    link.onerror = () => reject(new Error("the editor's styles did not load"));
    document.head.append(link);
  });
}
