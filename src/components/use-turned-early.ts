/** Controls that are moved before the page comes alive, by the reader or by a browser that remembers: where they stand is what was meant. */
import { useEffect, useRef, type MutableRef } from "preact/hooks";

/** The ref of a slider or select that the server rendered at `value`; `onTurn` is told once where it stands, if that is elsewhere. */
export function useTurnedEarly<Control extends HTMLInputElement | HTMLSelectElement>(
  value: string,
  onTurn: (standing: string) => void,
): MutableRef<Control | null> {
  const control = useRef<Control>(null);
  useEffect(() => {
    const standing = control.current?.value;
    if (standing !== undefined && standing !== value) onTurn(standing);
  }, []);
  return control;
}
