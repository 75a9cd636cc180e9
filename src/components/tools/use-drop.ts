/** Files dropped on a part of a page: what its element needs, and `data-over` while something hovers. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";

/** Spread the result over the element. */
export function useDrop(take: (files: readonly File[]) => void) {
  const over = useSignal(false);
  return {
    "data-over": over.value ? "" : undefined,
    onDragOver: (event: JSX.TargetedDragEvent<HTMLElement>) => {
      event.preventDefault();
      over.value = true;
    },
    onDragLeave: () => {
      over.value = false;
    },
    onDrop: (event: JSX.TargetedDragEvent<HTMLElement>) => {
      event.preventDefault();
      over.value = false;
      take([...(event.dataTransfer?.files ?? [])]);
    },
  };
}
