/** The code editor of a lab: Monaco with TypeScript, built apart from the site and imported by URL when a learner asks for it. */
import * as monaco from "monaco-editor/editor";
import "monaco-editor/features/register.all";
import "monaco-editor/languages/definitions/typescript/register";
// With the first editor, not after it: what registers later never reaches an editor that exists.
import "monaco-editor/editor/contrib/suggest/browser/suggestController";
import * as typescript from "monaco-editor/languages/features/typescript/register";
import "monaco-editor/languages/features/typescript/tsMode";
import type { CodeEditor, CodeMarker, EditorLook, EditorSetup } from "./code-editor.ts";

/** The light editor has the same, so that nothing moves when this one takes its place. */
const lineHeight = 1.5;

/** Set up once a page; every lab on it shares the TypeScript worker. */
let prepared = false;

function prepare(setup: EditorSetup): void {
  if (prepared) return;
  prepared = true;
  const here = new URL(".", import.meta.url);
  Reflect.set(globalThis, "MonacoEnvironment", {
    getWorker: (_id: string, label: string) =>
      new Worker(new URL(label === "typescript" || label === "javascript" ? "ts.worker.js" : "editor.worker.js", here)),
  });
  monaco.editor.defineTheme("course-light", {
    base: "vs",
    inherit: true,
    rules: [{ token: "comment", foreground: "59636a" }],
    colors: { "editor.background": "#ffffff" },
  });
  monaco.editor.defineTheme("course-dark", {
    base: "vs-dark",
    inherit: true,
    rules: [{ token: "comment", foreground: "9aa5aa" }],
    colors: { "editor.background": "#181d20" },
  });
  const { typescriptDefaults: defaults } = typescript;
  defaults.setCompilerOptions({
    target: typescript.ScriptTarget.ESNext,
    module: typescript.ModuleKind.ESNext,
    moduleResolution: typescript.ModuleResolutionKind.NodeJs,
    lib: ["es2023"],
    types: [],
    strict: true,
    noUncheckedIndexedAccess: false,
    allowNonTsExtensions: true,
    // Every file is a module of its own, so that two labs on a page don't see each other's names.
    moduleDetection: 3,
  });
  // 1375, 1378: top-level await, which every lab has.
  defaults.setDiagnosticsOptions({ diagnosticCodesToIgnore: [1375, 1378] });
  defaults.addExtraLib(setup.declarations.globals, "file:///lab-globals.d.ts");
  defaults.addExtraLib(setup.declarations.perflab, "file:///node_modules/perflab/index.d.ts");
  monaco.languages.registerHoverProvider("typescript", {
    provideHover: (model, position) => referenceHover(setup, model, position),
  });
}

/** Under what TypeScript says of a name of perflab: the way to its entry in the reference. */
function referenceHover(
  { reference }: EditorSetup,
  model: monaco.editor.ITextModel,
  position: monaco.Position,
): monaco.languages.Hover | null {
  const name = model.getWordAtPosition(position)?.word ?? "";
  if (!Object.hasOwn(reference, name)) return null;
  const imported = /\bimport\b[^;]*\bfrom\s*["']perflab["']/g;
  const ours = [...model.getValue().matchAll(imported)].some(([line]) => new RegExp(`\\b${name}\\b`).test(line));
  return ours ? { contents: [{ value: `[${name} in the reference](${reference[name]})` }] } : null;
}

/** Puts an editor into `host`. */
export function createEditor(host: HTMLElement, setup: EditorSetup): CodeEditor {
  prepare(setup);
  for (const [name, text] of Object.entries(setup.files)) {
    typescript.typescriptDefaults.addExtraLib(text, `file:///${setup.lab}/${name}`);
  }
  const uri = monaco.Uri.parse(`file:///${setup.lab}/${setup.file}`);
  monaco.editor.getModel(uri)?.dispose();
  const model = monaco.editor.createModel(setup.code, "typescript", uri);
  const editor = monaco.editor.create(host, {
    model,
    ariaLabel: setup.label,
    theme: themeOf(setup.dark),
    automaticLayout: true,
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    // Fading unused names would take them below readable contrast.
    showUnused: false,
    // "dimmed", the default on Linux, is below it too.
    renderFinalNewline: "on",
    fontFamily: setup.fontFamily,
    ...lookOf(setup),
    tabSize: 2,
    padding: { top: 12, bottom: 12 },
    lineNumbersMinChars: 2,
    lineDecorationsWidth: 8,
    glyphMargin: false,
    folding: false,
    overviewRulerLanes: 0,
    fixedOverflowWidgets: true,
    stickyScroll: { enabled: false },
    scrollbar: { alwaysConsumeMouseWheel: false },
    // The Tab key leaves the editor, as everywhere on the page, until the learner asks otherwise (Ctrl+M).
    tabFocusMode: true,
  });
  editor.updateOptions({ tabFocusMode: true });
  const { CtrlCmd, WinCtrl } = monaco.KeyMod;
  editor.addCommand(CtrlCmd | monaco.KeyCode.Enter, () => setup.onRun());
  const toggle = () => {
    editor.updateOptions({ tabFocusMode: !editor.getOption(monaco.editor.EditorOption.tabFocusMode) });
  };
  editor.addCommand(CtrlCmd | monaco.KeyCode.KeyM, toggle);
  editor.addCommand(WinCtrl | monaco.KeyMod.Shift | monaco.KeyCode.KeyM, toggle);
  const [start, end] = setup.selection.map((offset) => model.getPositionAt(offset)) as [
    monaco.Position,
    monaco.Position,
  ];
  editor.setSelection(monaco.Selection.fromPositions(start, end));
  editor.setScrollPosition({ scrollTop: setup.scroll.top, scrollLeft: setup.scroll.left });
  const typed = model.onDidChangeContent(() => setup.onChange(model.getValue(monaco.editor.EndOfLinePreference.LF)));
  const sized = editor.onDidContentSizeChange(({ contentHeight }) => setup.onHeight(contentHeight));
  setup.onHeight(editor.getContentHeight());
  const checked = monaco.editor.onDidChangeMarkers((changed) => {
    if (changed.some((each) => each.toString() === uri.toString())) setup.onTypeErrors(typeErrorsOf(uri));
  });

  return {
    value: () => model.getValue(monaco.editor.EndOfLinePreference.LF),
    setValue(code) {
      // As an edit, so that Ctrl+Z brings back what was there.
      editor.pushUndoStop();
      editor.executeEdits("lab", [{ range: model.getFullModelRange(), text: code }]);
      editor.pushUndoStop();
    },
    mark(markers) {
      monaco.editor.setModelMarkers(model, "lab", markers.map(toMarker));
      const first = markers[0];
      if (first !== undefined) editor.revealLineInCenterIfOutsideViewport(first.line);
    },
    goTo(line, column) {
      editor.setPosition({ lineNumber: line, column });
      editor.revealPositionInCenterIfOutsideViewport({ lineNumber: line, column });
      editor.focus();
    },
    setLook: (look) => editor.updateOptions(lookOf(look)),
    setDark: (dark) => monaco.editor.setTheme(themeOf(dark)),
    focus: () => editor.focus(),
    dispose() {
      typed.dispose();
      sized.dispose();
      checked.dispose();
      editor.dispose();
      model.dispose();
    },
  };
}

function lookOf({ fontSize, wrap }: EditorLook) {
  return { fontSize, lineHeight: lineHeight * fontSize, wordWrap: wrap ? "on" : "off" } as const;
}

function typeErrorsOf(resource: monaco.Uri): readonly CodeMarker[] {
  return monaco.editor
    .getModelMarkers({ owner: "typescript", resource })
    .filter(({ severity }) => severity === monaco.MarkerSeverity.Error)
    .map(({ startLineNumber, startColumn, endLineNumber, endColumn, message }) => ({
      line: startLineNumber,
      column: startColumn,
      length: endLineNumber === startLineNumber ? endColumn - startColumn : 1,
      message,
    }))
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
}

function themeOf(dark: boolean): string {
  return dark ? "course-dark" : "course-light";
}

function toMarker({ line, column, length, message }: CodeMarker): monaco.editor.IMarkerData {
  return {
    severity: monaco.MarkerSeverity.Error,
    startLineNumber: line,
    startColumn: column,
    endLineNumber: line,
    endColumn: column + Math.max(1, length),
    message,
  };
}
