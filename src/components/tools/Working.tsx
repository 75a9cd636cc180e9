/** What is being worked out, how far it is, and the button that stops it. Stands within a status. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { Button } from "../lab/Button.tsx";

interface Props {
  /** Names the progress, as in "Fitting". */
  readonly what: string;
  /** Beside the bar where that differs from its name. */
  readonly text?: string;
  /** 0–1; 0: not known. */
  readonly share: number;
  /** The percentage is written out as well. */
  readonly percent?: boolean;
  readonly action?: string;
  readonly stop?: string;
  /** Absent where it can't be stopped. */
  readonly onStop?: (() => void) | undefined;
}

export function Working({ what, text = what, share, percent, action = "stop", stop = "Stop", onStop }: Props) {
  const own = useRef<HTMLSpanElement>(null);
  // The button goes with the work: whoever pressed it stays at the same place of the page.
  useLayoutEffect(() => {
    const element = own.current;
    return () => {
      const place = element?.parentElement;
      if (!place || !element.contains(document.activeElement)) return;
      place.tabIndex = -1;
      place.focus({ preventScroll: true });
    };
  }, []);
  return (
    <span class="tool-working" ref={own}>
      <progress class="lab-progress" aria-label={what} value={share > 0 ? share : undefined} max={1} />
      <span>
        {text}
        {/* The bar says it to assistive technology; a status that said it again would not stop talking. */}
        {percent && share > 0 && <span aria-hidden="true">, {Math.round(100 * share)} %</span>}{" "}
      </span>
      {onStop && (
        <Button action={action} onPress={onStop}>
          {stop}
        </Button>
      )}
    </span>
  );
}
