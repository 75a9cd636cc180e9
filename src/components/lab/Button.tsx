/** A button of a lab. While it can't be used it keeps the focus, and says so to assistive technology. */
import type { ComponentChildren, JSX } from "preact";

interface Props {
  onPress(): void;
  /** How much it stands out: one "main" button a lab. */
  kind?: "main" | "plain" | "quiet" | undefined;
  /** Name for styles and tests. */
  action?: string | undefined;
  unusable?: boolean | undefined;
  keys?: string | undefined;
  /** Its name where the text alone says too little; begins with the text. */
  label?: string | undefined;
  pressed?: boolean | undefined;
  children: ComponentChildren;
}

export function Button({ onPress, kind = "quiet", action, unusable = false, keys, label, pressed, children }: Props) {
  const classes = { main: "lab-button lab-run", plain: "lab-button", quiet: "lab-quiet" };
  return (
    <button
      type="button"
      class={classes[kind]}
      data-action={action}
      aria-disabled={unusable ? "true" : undefined}
      aria-keyshortcuts={keys}
      aria-label={label}
      title={label}
      aria-pressed={pressed as JSX.HTMLAttributes["aria-pressed"]}
      onClick={() => {
        if (!unusable) onPress();
      }}
    >
      {children}
    </button>
  );
}
