/** The heading of a pane, one level under the lab's title: that is the page's own where the lab stands alone. */
import { createContext, type ComponentChildren } from "preact";
import { useContext } from "preact/hooks";
import { useSay } from "./lab-context.ts";

/** Whether the lab has a page of its own. */
export const Alone = createContext(false);

export function PaneHeading({ children }: { children: ComponentChildren }) {
  const Level = useContext(Alone) ? "h2" : "h4";
  const say = useSay();
  return <Level class="lab-heading">{typeof children === "string" ? say(children) : children}</Level>;
}
