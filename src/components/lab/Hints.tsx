/** Hints, closed until asked for, one at a time. */
import { Button } from "./Button.tsx";
import { InlineText } from "./InlineText.tsx";
import { useLab, useSay } from "./lab-context.ts";

export function Hints() {
  const lab = useLab();
  const say = useSay();
  const { hints } = lab.setup.text;
  const shown = lab.hintsShown.value;
  if (hints.length === 0) return null;
  return (
    <div class="lab-hints needs-js">
      <div aria-live="polite">
        {hints.slice(0, shown).map((hint, i) => (
          <p key={hint}>
            <span class="lab-hint-number">{say(`Hint ${i + 1}`)}</span> <InlineText text={hint} />
          </p>
        ))}
      </div>
      {shown < hints.length && (
        <Button action="hint" onPress={() => lab.showHint()}>{`Hint ${shown + 1} of ${hints.length}`}</Button>
      )}
    </div>
  );
}
