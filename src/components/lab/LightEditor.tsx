/** The light editor: coloured lines with a text area laid over them. It is what the server renders, what phones keep, and what is typed into until Monaco is there. */
import { useEffect, useRef } from "preact/hooks";
import type { LabStore } from "../../lab/store/lab-store.ts";
import { preferences } from "../../lab/store/preferences.ts";
import { ColouredCode } from "./ColouredCode.tsx";
import { useLab, useSay } from "./lab-context.ts";

interface Props {
  /** Someone is about to edit. */
  onIntent(): void;
}

export function LightEditor({ onIntent }: Props) {
  const lab = useLab();
  const { code, ready, setup } = lab;
  const say = useSay();
  const area = useRef<HTMLTextAreaElement>(null);
  const text = code.mine.value;
  useEffect(() => {
    // Typed before the page had come alive.
    const typed = area.current?.value ?? text;
    if (typed !== code.mine.peek()) code.type(typed);
  }, []);
  useGoTo(lab, area);
  const wrap = preferences.wrap.value;
  return (
    <div
      class="code-view"
      data-wrap={wrap ? "" : undefined}
      style={{ "--code-size": `${preferences.fontSize.value}px` }}
    >
      <div class="code-stack">
        <ColouredCode text={text} marked={code.marks.value.map(({ line }) => line)} hidden={ready.value} />
        <textarea
          ref={area}
          class="code-input"
          aria-label={say(`Code of the lab ${setup.title}`)}
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          autocorrect="off"
          wrap={wrap ? "soft" : "off"}
          value={text}
          onFocus={onIntent}
          onInput={({ currentTarget }) => code.type(currentTarget.value)}
          onKeyDown={(event) => onKey(event, lab)}
        />
      </div>
    </div>
  );
}

function onKey(event: KeyboardEvent & { currentTarget: HTMLTextAreaElement }, lab: LabStore): void {
  if (event.key !== "Enter" || event.isComposing) return;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    void lab.run();
    return;
  }
  const { value, selectionStart } = event.currentTarget;
  const line = value.slice(value.lastIndexOf("\n", selectionStart - 1) + 1, selectionStart);
  const indent = `${/^\s*/.exec(line)?.[0] ?? ""}${/[{([]\s*$/.test(line) ? "  " : ""}`;
  if (indent === "") return;
  event.preventDefault();
  // The only way to insert text that Ctrl+Z can take back.
  document.execCommand("insertText", false, `\n${indent}`);
}

/** Puts the caret where the store wants it. */
function useGoTo(lab: LabStore, area: { readonly current: HTMLTextAreaElement | null }): void {
  const place = lab.code.goTo.value;
  useEffect(() => {
    if (place === null || area.current === null) return;
    const lines = area.current.value.split("\n").slice(0, place.line - 1);
    const at = lines.reduce((sum, each) => sum + each.length + 1, 0) + place.column - 1;
    area.current.focus();
    area.current.setSelectionRange(at, at);
    lab.code.goTo.value = null;
  }, [place, area, lab]);
}
