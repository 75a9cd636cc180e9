/** How a pane gets at its lab: the one store of the lab that it stands in. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { LabStore } from "../../lab/store/lab-store.ts";

export const LabContext = createContext<LabStore | null>(null);

/** The store of the lab around this component. Throws outside one. */
export function useLab(): LabStore {
  const store = useContext(LabContext);
  if (store === null) throw new Error("this component must stand inside a lab");
  return store;
}
