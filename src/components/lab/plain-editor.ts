/** A text area as code editor: for touch devices, and where Monaco can't load. */
import type { CodeEditor, EditorSetup } from "../../lab/editor/code-editor.ts";
import { make } from "./parts.ts";

export function createPlainEditor(
  host: HTMLElement,
  setup: Pick<EditorSetup, "code" | "label" | "onChange" | "onRun">,
): CodeEditor {
  const area = make("textarea", "lab-plain-editor");
  area.value = setup.code;
  area.spellcheck = false;
  area.autocapitalize = "off";
  area.setAttribute("autocorrect", "off");
  area.setAttribute("aria-label", setup.label);
  const marks = make("ul", "lab-plain-marks");
  marks.hidden = true;
  const fit = () => (area.rows = Math.max(10, area.value.split("\n").length + 1));
  area.addEventListener("input", () => {
    fit();
    setup.onChange(area.value);
  });
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      setup.onRun();
    }
  });
  fit();
  host.replaceChildren(area, marks);
  return {
    value: () => area.value,
    setValue(code) {
      area.value = code;
      fit();
      setup.onChange(code);
    },
    mark(markers) {
      marks.hidden = markers.length === 0;
      marks.replaceChildren(...markers.map(({ line, message }) => make("li", "", `Line ${line}: ${message}`)));
    },
    typeErrors: () => Promise.resolve(0),
    setDark: () => undefined,
    focus: () => area.focus(),
    dispose: () => host.replaceChildren(),
  };
}
