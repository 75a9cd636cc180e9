/** Errors of the last run, each with its place in the code as a link. */
import type { LabProblem } from "../../lab/session.ts";
import { Button } from "./Button.tsx";
import { useLab, useSay } from "./lab-context.ts";

export function Problems() {
  const { result } = useLab();
  const problems = result.problems.value;
  return (
    <div class="lab-problems" data-part="problems" role="alert" hidden={problems.length === 0}>
      {problems.map((problem, i) => (
        <Problem key={i} {...problem} />
      ))}
    </div>
  );
}

function Problem({ text, place, frames, retry }: LabProblem) {
  const lab = useLab();
  const say = useSay();
  const { code } = lab;
  return (
    <div class="lab-problem">
      <p>
        {say(text)}
        {place !== undefined && (
          <>
            {" ("}
            {place.file === "main.ts" ? (
              <button type="button" class="lab-place" onClick={() => (code.goTo.value = place)}>
                {say(`${place.file}, line ${place.line}`)}
              </button>
            ) : (
              `${place.file}, line ${place.line}`
            )}
            {")"}
          </>
        )}
      </p>
      {retry !== undefined && (
        <Button action="retry" onPress={() => void lab[retry]()}>
          Try again
        </Button>
      )}
      {frames !== undefined && frames.length > 1 && <pre>{frames.map((frame) => `at ${frame}`).join("\n")}</pre>}
    </div>
  );
}
