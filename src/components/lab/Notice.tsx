/** One line above the code: what came back, what changed elsewhere, what is wrong with storage, each with what can be done. */
import { Button } from "./Button.tsx";
import { useLab, useSay } from "./lab-context.ts";

export function Notice() {
  const { code } = useLab();
  const say = useSay();
  const notice = code.notice.value;
  return (
    <p class="lab-notice" data-part="notice" role="status" hidden={notice === null}>
      {notice !== null && say(notice.text)}
      {notice?.choices.map(({ label, act }) => (
        <Button key={label} onPress={act}>
          {label}
        </Button>
      ))}
      {notice !== null && <Button onPress={() => (code.notice.value = null)}>Close</Button>}
    </p>
  );
}
