/** A button of a lab. While it can't be used it keeps the focus, and says so to assistive technology. */
import type { ComponentChildren, JSX } from "preact";
import { useSay } from "./lab-context.ts";

interface Props {
  onPress(): void;
  /** How much it stands out: one "main" button a lab. */
  kind?: "main" | "plain" | "quiet" | undefined;
  /** Name for styles and tests. */
  action?: string | undefined;
  unusable?: boolean | undefined;
  keys?: string | undefined;
  /** In English, as the text is: both are said in the language of the lab. Its name where the text alone says too little; begins with the text. */
  label?: string | undefined;
  pressed?: boolean | undefined;
  children: ComponentChildren;
}

export function Button({ onPress, kind = "quiet", action, unusable = false, keys, label, pressed, children }: Props) {
  const say = useSay();
  const named = label === undefined ? undefined : say(label);
  const classes = { main: "lab-button lab-run", plain: "lab-button", quiet: "lab-quiet" };
  return (
    <button
      type="button"
      class={classes[kind]}
      data-action={action}
      aria-disabled={unusable ? "true" : undefined}
      aria-keyshortcuts={keys}
      aria-label={named}
      title={named}
      aria-pressed={pressed as JSX.HTMLAttributes["aria-pressed"]}
      onClick={() => {
        if (!unusable) onPress();
      }}
    >
      {typeof children === "string" ? say(children) : children}
    </button>
  );
}
