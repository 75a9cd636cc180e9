/** What can be done with the code: run, stop, check, start over, see the solution; and the questions that come up on the way. */
import { useEffect, useRef } from "preact/hooks";
import type { SpendAnswer } from "../../lab/spend.ts";
import { Button } from "./Button.tsx";
import { useLab, useSay } from "./lab-context.ts";

export function RunBar() {
  const lab = useLab();
  const { code, busy } = lab;
  const comparing = code.comparison.value;
  const ofSolution = comparing?.kind === "solution";
  const say = useSay();
  const undo = code.undo.value;
  return (
    <div class="lab-bar needs-js">
      <div class="lab-bar-line">
        <Button
          kind="main"
          action="run"
          unusable={busy.value}
          keys="Control+Enter Meta+Enter"
          onPress={() => void lab.run()}
        >
          {ofSolution ? "Run solution" : "Run"}
        </Button>
        <Button kind="plain" action="stop" unusable={!lab.canStop.value} onPress={() => lab.stop()}>
          Stop
        </Button>
        {!lab.free && (
          <Button kind="plain" action="check" unusable={busy.value} onPress={() => void lab.check()}>
            {ofSolution ? "Check solution" : "Check"}
          </Button>
        )}
        <span class="lab-bar-more">
          <Button action="reset" unusable={busy.value} onPress={() => code.reset()}>
            Reset
          </Button>
          {(!lab.free || comparing !== null) && (
            <Button
              action="solution"
              unusable={busy.value}
              onPress={() => (comparing === null ? void lab.showSolution() : code.close())}
            >
              {comparing === null ? "Show solution" : "Back to my code"}
            </Button>
          )}
        </span>
      </div>
      <p class="lab-undo" role="status">
        {undo !== null && (
          <>
            {say(undo.label)} <Button onPress={() => undo.act()}>Undo</Button>
          </>
        )}
      </p>
      <PredictFirst />
      <Spend />
    </div>
  );
}

/** Takes the focus when it comes. */
function useFocusWhen(shown: boolean) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (shown) host.current?.querySelector("button")?.focus();
  }, [shown]);
  return host;
}

function PredictFirst() {
  const lab = useLab();
  const say = useSay();
  const asked = lab.askToPredict.value;
  const host = useFocusWhen(asked);
  return (
    <div ref={host} class="lab-ask" role="group" aria-label={say("Predict first?")} hidden={!asked}>
      <p>
        <strong>{say("Predict first?")}</strong> {say("A number that turns out wrong teaches more than none.")}
      </p>
      <Button
        kind="plain"
        action="predict"
        onPress={() => {
          lab.askToPredict.value = false;
          document.getElementById(`lab-${lab.setup.id}-guess`)?.focus();
        }}
      >
        Predict
      </Button>
      <Button
        action="skip"
        onPress={() => {
          void lab.runUnpredicted();
          host.current?.closest(".lab")?.querySelector<HTMLElement>('[data-action="run"]')?.focus();
        }}
      >
        Skip
      </Button>
    </div>
  );
}

function Spend() {
  const say = useSay();
  const question = useLab().spend.question.value;
  const host = useFocusWhen(question !== null);
  const answer = (agreed: SpendAnswer) => {
    question?.answer(agreed);
    const next = agreed === false ? "run" : "stop";
    host.current?.closest(".lab")?.querySelector<HTMLElement>(`[data-action="${next}"]`)?.focus();
  };
  return (
    <div ref={host} class="lab-ask" role="group" aria-label={say("Send requests?")} hidden={question === null}>
      {question !== null && (
        <>
          <p>{say(question.text)}</p>
          <Button kind="plain" onPress={() => answer(true)}>
            Send them
          </Button>
          {/* From the second question on, whoever has had enough of them can agree to the rest. */}
          {question.agreed.requests > 0 && <Button onPress={() => answer("run")}>Send all of this run</Button>}
          <Button onPress={() => answer(false)}>Don't</Button>
        </>
      )}
    </div>
  );
}
