/** Which editor the code stands in: the light one at first, Monaco in the same place once a learner with a mouse begins to edit and it has arrived. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { CodeEditor } from "../../lab/editor/code-editor.ts";
import { preferences } from "../../lab/store/preferences.ts";
import { useLab, useSay } from "./lab-context.ts";
import { LightEditor } from "./LightEditor.tsx";
import { loadMonaco } from "./load-monaco.ts";

const isTouch = () => matchMedia("(pointer: coarse)").matches;
const isDark = () => document.documentElement.dataset["theme"] !== "light";

export function CodeEditors() {
  const lab = useLab();
  const { code, setup } = lab;
  const say = useSay();
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditor | null>(null);
  /** Fraction of Monaco that has arrived; null while nobody asked for it. */
  const arrived = useSignal<number | null>(null);
  const mounted = useSignal(false);

  const begin = async () => {
    if (isTouch() || arrived.peek() !== null) return;
    arrived.value = 0;
    try {
      const loaded = await loadMonaco(setup.urls, (fraction) => (arrived.value = fraction));
      await composed(light());
      if (host.current === null) return;
      const area = light();
      const focused = area !== null && document.activeElement === area;
      const scroller = area?.closest(".code-view") ?? null;
      const view = { top: scroller?.scrollTop ?? 0, left: scroller?.scrollLeft ?? 0 };
      const selection = area === null ? [0, 0] : [area.selectionStart, area.selectionEnd];
      const text = area?.value ?? code.mine.peek();
      mounted.value = true;
      // At once, not with the next rendering: what is hidden takes no focus.
      host.current.hidden = false;
      editor.current = loaded.createEditor(host.current, {
        lab: setup.id,
        file: "main.ts",
        code: text,
        files: setup.files,
        label: say(`Code of the lab ${setup.title}`),
        dark: isDark(),
        fontFamily: getComputedStyle(document.documentElement).getPropertyValue("--font-mono") || "monospace",
        fontSize: preferences.fontSize.peek(),
        wrap: preferences.wrap.peek(),
        selection: [selection[0] ?? 0, selection[1] ?? 0],
        scroll: view,
        declarations: loaded.declarations,
        reference: loaded.reference,
        onChange: (typed) => code.type(typed),
        onRun: () => void lab.run(),
        onTypeErrors: (errors) => (code.typeErrors.value = errors),
        onHeight: (pixels) => {
          if (host.current) host.current.style.height = `${pixels}px`;
        },
      });
      editor.current.mark(code.marks.peek());
      if (focused) editor.current.focus();
    } catch {
      mounted.value = false;
      code.say("The full editor could not be loaded; this is a plain one. Run and Check work as usual.");
    }
  };
  const light = () => host.current?.parentElement?.querySelector<HTMLTextAreaElement>("textarea.code-input") ?? null;

  useSignalEffect(() => {
    const text = code.mine.value;
    if (editor.current !== null && editor.current.value() !== text) editor.current.setValue(text);
  });
  useSignalEffect(() => {
    const marks = code.marks.value;
    editor.current?.mark(marks);
  });
  useSignalEffect(() => {
    const place = code.goTo.value;
    if (place === null || editor.current === null) return;
    editor.current.goTo(place.line, place.column);
    code.goTo.value = null;
  });
  useSignalEffect(() => {
    const look = { fontSize: preferences.fontSize.value, wrap: preferences.wrap.value };
    editor.current?.setLook(look);
  });
  useEffect(() => {
    const theme = new MutationObserver(() => editor.current?.setDark(isDark()));
    theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      theme.disconnect();
      editor.current?.dispose();
      editor.current = null;
    };
  }, []);
  return (
    <>
      {!mounted.value && <LightEditor onIntent={() => void begin()} />}
      <div ref={host} class="lab-monaco" hidden={!mounted.value} />
      {arrived.value !== null && !mounted.value && (
        <p class="lab-editor-arrives" role="status">
          <progress max={1} value={arrived.value} aria-label={say("The full editor is on its way")} />
          {say(arrived.value < 1 ? "Completion and types are on their way; keep typing." : "Starting the full editor…")}
        </p>
      )}
    </>
  );
}

/** Resolves when no half-composed character (IME) is in the text area. */
function composed(area: HTMLTextAreaElement | null): Promise<void> {
  if (area === null || area.dataset["composing"] === undefined) return Promise.resolve();
  return new Promise((resolve) => area.addEventListener("compositionend", () => resolve(), { once: true }));
}
