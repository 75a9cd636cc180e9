/** The code editor of a lab: Monaco with TypeScript, built apart from the site and imported by URL when a learner asks for it. */
import * as monaco from "monaco-editor/editor";
import "monaco-editor/features/bracketMatching/register";
import "monaco-editor/features/caretOperations/register";
import "monaco-editor/features/clipboard/register";
import "monaco-editor/features/comment/register";
import "monaco-editor/features/cursorUndo/register";
import "monaco-editor/features/find/register";
import "monaco-editor/features/folding/register";
import "monaco-editor/features/format/register";
import "monaco-editor/features/gotoError/register";
import "monaco-editor/features/hover/register";
import "monaco-editor/features/indentation/register";
import "monaco-editor/features/linesOperations/register";
import "monaco-editor/features/multicursor/register";
import "monaco-editor/features/parameterHints/register";
import "monaco-editor/features/quickCommand/register";
import "monaco-editor/features/rename/register";
import "monaco-editor/features/smartSelect/register";
import "monaco-editor/features/snippet/register";
import "monaco-editor/features/suggest/register";
import "monaco-editor/features/toggleTabFocusMode/register";
import "monaco-editor/features/wordHighlighter/register";
import "monaco-editor/features/wordOperations/register";
import "monaco-editor/languages/definitions/typescript/register";
import * as typescript from "monaco-editor/languages/features/typescript/register";
import type { CodeEditor, CodeMarker, EditorSetup } from "./code-editor.ts";

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
  });
  // 1375, 1378: top-level await, which every lab has.
  defaults.setDiagnosticsOptions({ diagnosticCodesToIgnore: [1375, 1378] });
  defaults.addExtraLib(setup.declarations.globals, "file:///lab-globals.d.ts");
  defaults.addExtraLib(setup.declarations.perflab, "file:///node_modules/perflab/index.d.ts");
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
    readOnly: setup.readOnly,
    automaticLayout: true,
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    // Fading unused names would take them below readable contrast.
    showUnused: false,
    // "dimmed", the default on Linux, is below it too.
    renderFinalNewline: "on",
    fontFamily: setup.fontFamily,
    fontSize: 14,
    lineHeight: 21,
    tabSize: 2,
    padding: { top: 12, bottom: 12 },
    lineNumbersMinChars: 3,
    overviewRulerLanes: 0,
    fixedOverflowWidgets: true,
    stickyScroll: { enabled: false },
    scrollbar: { alwaysConsumeMouseWheel: false },
    // The Tab key leaves the editor, as everywhere on the page, until the learner asks otherwise.
    tabFocusMode: setup.tabMovesFocus,
  });
  editor.updateOptions({ tabFocusMode: setup.tabMovesFocus });
  const { CtrlCmd, WinCtrl } = monaco.KeyMod;
  editor.addCommand(CtrlCmd | monaco.KeyCode.Enter, () => setup.onRun());
  const toggle = () => {
    const moves = !editor.getOption(monaco.editor.EditorOption.tabFocusMode);
    editor.updateOptions({ tabFocusMode: moves });
    setup.onTabMode(moves);
  };
  editor.addCommand(CtrlCmd | monaco.KeyCode.KeyM, toggle);
  editor.addCommand(WinCtrl | monaco.KeyMod.Shift | monaco.KeyCode.KeyM, toggle);
  const typed = model.onDidChangeContent(() => setup.onChange(model.getValue(monaco.editor.EndOfLinePreference.LF)));
  const sized = editor.onDidContentSizeChange(({ contentHeight }) => setup.onHeight(contentHeight));
  setup.onHeight(editor.getContentHeight());

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
    typeErrors: async () => {
      const worker = await typescript.getTypeScriptWorker();
      const client = await worker(uri);
      const found = await Promise.all([
        client.getSyntacticDiagnostics(`${uri}`),
        client.getSemanticDiagnostics(`${uri}`),
      ]);
      return found.flat().filter(({ category, code }) => category === 1 && code !== 1375 && code !== 1378).length;
    },
    setDark: (dark) => monaco.editor.setTheme(themeOf(dark)),
    focus: () => editor.focus(),
    dispose() {
      typed.dispose();
      sized.dispose();
      editor.dispose();
      model.dispose();
    },
  };
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
