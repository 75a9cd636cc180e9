/** On a page in another language: what of this lab is not translated yet. */
import { useLab, useSay } from "./lab-context.ts";

const fields: Readonly<Record<string, string>> = {
  title: "the title",
  question: "the question",
  steps: "what to do",
  prediction: "the prediction",
  params: "the controls",
  hints: "the hints",
  debrief: "what to take away",
  stretch: "what leads further",
  checks: "the checks",
};

export function InEnglishStill() {
  const { setup } = useLab();
  const say = useSay();
  const missing = setup.language?.missing ?? [];
  if (missing.length === 0) return null;
  const whole = missing.includes("title") && missing.includes("steps");
  const names = missing.flatMap((field) => fields[field] ?? []).map(say);
  return (
    <p class="lab-muted" data-part="untranslated">
      {whole
        ? say("This lab is not translated yet: it stands here in English.")
        : say(`Not translated yet: ${names.join(", ")}.`)}
    </p>
  );
}
