/** The code of a lab: the server's highlighted text until someone wants to edit, then Monaco, or a text area on touch devices. */
import type { CodeEditor, CodeMarker, EditorSetup } from "../../lab/editor/code-editor.ts";
import { fetchJson } from "../../lab/page-services.ts";
import type { LabSetup } from "../../lab/setup.ts";
import { createPlainEditor } from "./plain-editor.ts";
import { make, part } from "./parts.ts";

interface Events {
  onChange(code: string): void;
  onRun(): void;
  /** Editing is about to begin: the moment to warm the compiler. */
  onIntent(): void;
  notice(text: string): void;
}

const isTouch = () => matchMedia("(pointer: coarse)").matches;
const isDark = () => document.documentElement.dataset["theme"] !== "light";

export class EditorPane {
  readonly #host: HTMLElement;
  readonly #tabMode: HTMLElement;
  readonly #setup: LabSetup;
  readonly #files: Readonly<Record<string, string>>;
  readonly #events: Events;
  readonly #theme: MutationObserver;
  readonly #original: readonly Node[];
  #editor: CodeEditor | null = null;
  #opening: Promise<CodeEditor> | null = null;
  #markers: readonly CodeMarker[] = [];
  #code: string;
  #disposed = false;

  constructor(root: HTMLElement, setup: LabSetup, files: Readonly<Record<string, string>>, events: Events) {
    this.#host = part(root, "editor");
    this.#tabMode = part(root, "tab-mode");
    this.#setup = setup;
    this.#files = files;
    this.#events = events;
    this.#code = setup.starter;
    this.#original = [...this.#host.childNodes];
    this.#host.addEventListener("click", this.#begin);
    this.#theme = new MutationObserver(() => this.#editor?.setDark(isDark()));
    this.#theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  /** Shows code without counting it as typed. */
  show(code: string): void {
    this.#code = code;
    if (this.#editor !== null) this.#editor.setValue(code);
    else if (code === this.#setup.starter) this.#host.replaceChildren(...this.#original);
    else {
      const plain = make("pre", "lab-plain-code", make("code", "", code));
      plain.tabIndex = 0;
      this.#host.replaceChildren(plain);
    }
    this.mark([]);
  }

  mark(markers: readonly CodeMarker[]): void {
    this.#markers = markers;
    if (this.#editor !== null) this.#editor.mark(markers);
    else if (markers.length > 0) void this.open().catch(() => undefined);
  }

  /** Type errors, if the editor is there to know; waits a little for a fresh answer. */
  async typeErrors(): Promise<number> {
    if (this.#editor === null) return 0;
    const late = new Promise<number>((resolve) => setTimeout(() => resolve(0), 3000));
    return Promise.race([this.#editor.typeErrors().catch(() => 0), late]);
  }

  async edit(): Promise<void> {
    (await this.open()).focus();
  }

  /** The editor, loaded on the first call. */
  open(): Promise<CodeEditor> {
    return (this.#opening ??= this.#load());
  }

  dispose(): void {
    this.#disposed = true;
    this.#theme.disconnect();
    this.#editor?.dispose();
    this.#editor = null;
  }

  readonly #begin = (): void => {
    if (this.#opening === null) void this.edit();
  };

  async #load(): Promise<CodeEditor> {
    this.#events.onIntent();
    const label = `Code of the lab ${this.#setup.title}`;
    const common = {
      code: this.#code,
      label,
      onChange: (code: string) => {
        if (code === this.#code) return;
        this.#code = code;
        this.#events.onChange(code);
      },
      onRun: () => this.#events.onRun(),
    };
    let editor: CodeEditor;
    if (isTouch()) editor = createPlainEditor(this.#host, common);
    else {
      this.#host.dataset["loading"] = "";
      try {
        editor = await this.#monaco(common);
      } catch {
        this.#events.notice("The full editor could not be loaded; this is a plain one. Run and Check work as usual.");
        editor = createPlainEditor(this.#host, { ...common, code: this.#code });
      }
      delete this.#host.dataset["loading"];
    }
    this.#editor = editor;
    editor.mark(this.#markers);
    if (this.#disposed) editor.dispose();
    return editor;
  }

  async #monaco(common: Pick<EditorSetup, "code" | "label" | "onChange" | "onRun">): Promise<CodeEditor> {
    const { urls, id } = this.#setup;
    const [{ createEditor }, declarations] = await Promise.all([
      // A whole URL, which the development server leaves as it is; a path it would take for a source of its own.
      import(/* @vite-ignore */ new URL(urls.editor, location.href).href) as Promise<
        typeof import("../../lab/editor/monaco.ts")
      >,
      fetchJson<EditorSetup["declarations"]>(urls.declarations),
      loadStyle(urls.editorStyle),
    ]);
    const height = this.#host.offsetHeight;
    const host = make("div", "lab-monaco");
    host.style.height = `${height}px`;
    this.#host.replaceChildren(host);
    const sayTabMode = (movesFocus: boolean) => {
      this.#tabMode.replaceChildren(
        make("kbd", "", "Ctrl"),
        " ",
        make("kbd", "", "M"),
        movesFocus ? " makes Tab indent; now it leaves the editor." : " lets Tab leave the editor; now it indents.",
      );
    };
    sayTabMode(true);
    return createEditor(host, {
      ...common,
      code: this.#code,
      lab: id,
      file: "main.ts",
      files: this.#files,
      dark: isDark(),
      readOnly: false,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue("--font-mono") || "monospace",
      tabMovesFocus: true,
      declarations,
      onTabMode: sayTabMode,
      onHeight: (pixels) => (host.style.height = `${Math.min(Math.max(pixels, 200), 900)}px`),
    });
  }
}

function loadStyle(href: string): Promise<void> {
  if (document.querySelector(`link[href="${href}"]`) !== null) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const link = make("link");
    link.rel = "stylesheet";
    link.href = href;
    link.onload = () => resolve();
    link.onerror = () => reject(new Error("the editor's styles did not load"));
    document.head.append(link);
  });
}
