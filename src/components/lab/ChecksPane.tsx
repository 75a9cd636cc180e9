/** The checks and how each fared: what was seen, what was expected and why. The next hint is offered, not told. */
import { Button } from "./Button.tsx";
import { useLab, useSay } from "./lab-context.ts";
import { threeDigits } from "./three-digits.ts";

const words = { passed: "Passed", failed: "Not yet", notGraded: "Not graded" } as const;

export function ChecksPane() {
  const lab = useLab();
  const say = useSay();
  const rows = lab.checks.rows.value;
  const hints = lab.setup.text.hints.length;
  const shown = lab.hintsShown.value;
  return (
    <section class="lab-checks" aria-label={say(`Checks of ${lab.setup.title}`)}>
      <ul data-part="checks">
        {rows.map(({ name, state, message, points }) => (
          <li key={name} data-state={state}>
            {state !== "open" && <strong class="lab-check-verdict">{say(words[state])}: </strong>}
            {say(name)}
            {points !== undefined && <strong>{say(` · ${threeDigits(points)} points`)}</strong>}
            {message !== undefined && <p class="lab-check-message">{say(message)}</p>}
          </li>
        ))}
      </ul>
      {rows.some(({ state }) => state === "failed") && shown < hints && (
        <Button action="offer-hint" onPress={() => lab.showHint()}>
          {`Show hint ${shown + 1} of ${hints}`}
        </Button>
      )}
    </section>
  );
}
