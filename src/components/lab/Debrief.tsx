/** What to take away: shown once every check has passed, or the solution was looked at. */
import { InlineText } from "./InlineText.tsx";
import { PaneHeading } from "./PaneHeading.tsx";
import { inEnglish, useLab, useSay } from "./lab-context.ts";

export function Debrief() {
  const { debrief, setup } = useLab();
  const { text } = setup;
  const say = useSay();
  if (text.debrief === undefined) return null;
  return (
    <div class="lab-debrief" data-part="debrief" hidden={!debrief.value}>
      <PaneHeading>What to take away</PaneHeading>
      <p lang={inEnglish(setup, "debrief")}>
        <InlineText text={text.debrief} />
      </p>
      {text.stretch !== undefined && (
        <p>
          <strong>{say("Further:")}</strong> <InlineText text={text.stretch} />
        </p>
      )}
    </div>
  );
}
