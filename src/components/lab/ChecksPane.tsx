/** The checks and how each fared: what was seen, what was expected and why. The next hint is offered, not told. */
import { Button } from "./Button.tsx";
import { useLab } from "./lab-context.ts";
import { threeDigits } from "./three-digits.ts";

const words = { passed: "Passed", failed: "Not yet", notGraded: "Not graded" } as const;

export function ChecksPane() {
  const lab = useLab();
  const rows = lab.checks.rows.value;
  const hints = lab.setup.text.hints.length;
  const shown = lab.hintsShown.value;
  return (
    <section class="lab-checks" aria-label={`Checks of ${lab.setup.title}`}>
      <ul data-part="checks">
        {rows.map(({ name, state, message, points }) => (
          <li key={name} data-state={state}>
            {state !== "open" && <strong class="lab-check-verdict">{words[state]}: </strong>}
            {name}
            {points !== undefined && <strong>{` · ${threeDigits(points)} points`}</strong>}
            {message !== undefined && <p class="lab-check-message">{message}</p>}
          </li>
        ))}
      </ul>
      {rows.some(({ state }) => state === "failed") && shown < hints && (
        <Button action="offer-hint" onPress={() => lab.showHint()}>
          Show hint {shown + 1} of {hints}
        </Button>
      )}
    </section>
  );
}
