/** The code of a lab: its settings, the editor, what it is compared with, and the files it may import. */
import { fontSizes, preferences } from "../../lab/store/preferences.ts";
import { Button } from "./Button.tsx";
import { ColouredCode } from "./ColouredCode.tsx";
import { Comparison } from "./Comparison.tsx";
import { CodeEditors } from "./CodeEditors.tsx";
import { KeySheet } from "./KeySheet.tsx";
import { useLab, useSay } from "./lab-context.ts";
import { Notice } from "./Notice.tsx";
import { TypeErrors } from "./TypeErrors.tsx";

export function CodePane() {
  const { code, setup } = useLab();
  const say = useSay();
  const comparing = code.comparison.value;
  return (
    <div class="lab-code">
      <div class="lab-code-head">
        <span class="lab-file-name">{comparing === null ? "main.ts" : say(comparing.title)}</span>
        <span class="lab-room" />
        <EditorSettings />
      </div>
      <Notice />
      {comparing !== null && <Comparison comparison={comparing} />}
      <div class="lab-editor" data-part="editor" hidden={comparing !== null}>
        <CodeEditors />
      </div>
      {comparing === null && <TypeErrors />}
      <noscript>
        <p class="lab-noscript">
          {say("This lab runs with JavaScript. Without it you can still read the code above.")}
        </p>
      </noscript>
      {Object.entries(setup.files).map(([name, text]) => (
        <details key={name} class="lab-file">
          <summary>{say(`${name} (read-only)`)}</summary>
          <ColouredCode text={text.trimEnd()} />
        </details>
      ))}
    </div>
  );
}

function EditorSettings() {
  const { wrap, fontSize } = preferences;
  const size = (by: number) =>
    (fontSize.value = Math.min(fontSizes.most, Math.max(fontSizes.least, fontSize.value + by)));
  return (
    <span class="lab-settings needs-js">
      <Button action="wrap" pressed={wrap.value} onPress={() => (wrap.value = !wrap.value)}>
        Wrap
      </Button>
      <Button label="A− smaller code" unusable={fontSize.value <= fontSizes.least} onPress={() => size(-1)}>
        A−
      </Button>
      <Button label="A+ larger code" unusable={fontSize.value >= fontSizes.most} onPress={() => size(1)}>
        A+
      </Button>
      <KeySheet />
    </span>
  );
}
