/** Every key of a lab, on one sheet. */
import { useRef } from "preact/hooks";
import { Button } from "./Button.tsx";
import { useSay } from "./lab-context.ts";
import { PaneHeading } from "./PaneHeading.tsx";

const everywhere = [
  ["Ctrl Enter", "Run"],
  ["Tab", "Go on to the next control; leaves the editor too"],
  ["Ctrl K", "Search the course; in the editor it begins one of the editor’s own keys"],
  ["Esc", "Close what is open: suggestions, search, this sheet, full screen"],
  ["← →", "Between Result, Checks and Runs; on the bar between code and result, its width"],
] as const;

const editor = [
  ["Ctrl M", "Tab indents instead of leaving the editor, and back"],
  ["Ctrl Space", "Complete a name"],
  ["Ctrl Shift Space", "Show the parameters of a call"],
  ["Ctrl K Ctrl I", "Show what a name means (or hover)"],
  ["Shift Alt F", "Format"],
  ["Ctrl F / Ctrl H", "Find / replace"],
  ["F3 / Shift F3", "Next / previous find"],
  ["Ctrl D", "Add a caret at the next place with the same text"],
  ["Ctrl Alt ↑ ↓", "Add a caret above / below"],
  ["Ctrl /", "Comment a line"],
  ["Alt ↑ ↓", "Move a line"],
  ["Shift Alt ↑ ↓", "Copy a line"],
  ["Ctrl Shift K", "Delete a line"],
  ["F8 / Shift F8", "Next / previous error"],
  ["F2", "Rename"],
  ["Ctrl Z / Ctrl Y", "Undo / redo"],
  ["F1", "Every command of the editor"],
] as const;

export function KeySheet() {
  const say = useSay();
  const sheet = useRef<HTMLDialogElement>(null);
  return (
    <>
      <Button action="keys" label="? Keys of this lab" onPress={() => sheet.current?.showModal()}>
        ?
      </Button>
      <dialog ref={sheet} class="lab-keys" aria-label={say("Keys of this lab")}>
        <PaneHeading>Keys</PaneHeading>
        <Keys of={everywhere} />
        <PaneHeading>In the editor</PaneHeading>
        <Keys of={editor} />
        <p class="lab-muted">{say("On a Mac, ⌘ takes the place of Ctrl.")}</p>
        <Button kind="plain" onPress={() => sheet.current?.close()}>
          Close
        </Button>
      </dialog>
    </>
  );
}

function Keys({ of }: { of: readonly (readonly [string, string])[] }) {
  const say = useSay();
  return (
    <dl>
      {of.map(([keys, does]) => (
        <div key={keys}>
          <dt>{keys.split(" ").map((key, i) => (key === "/" ? " / " : <kbd key={i}>{key}</kbd>))}</dt>
          <dd>{say(does)}</dd>
        </div>
      ))}
    </dl>
  );
}
