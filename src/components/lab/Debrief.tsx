/** What to take away: shown once every check has passed, or the solution was looked at. */
import { InlineText } from "./InlineText.tsx";
import { PaneHeading } from "./PaneHeading.tsx";
import { useLab } from "./lab-context.ts";

export function Debrief() {
  const { debrief, setup } = useLab();
  const { text } = setup;
  if (text.debrief === undefined) return null;
  return (
    <div class="lab-debrief" data-part="debrief" hidden={!debrief.value}>
      <PaneHeading>What to take away</PaneHeading>
      <p>
        <InlineText text={text.debrief} />
      </p>
      {text.stretch !== undefined && (
        <p>
          <strong>Further:</strong> <InlineText text={text.stretch} />
        </p>
      )}
    </div>
  );
}
