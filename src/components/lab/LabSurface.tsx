/** A lab: the question, the prediction, code and result side by side, hints and what to take away. Rendered by the server; the same component comes alive when it is near the window. */
import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { LabStore } from "../../lab/store/lab-store.ts";
import type { LabSetup } from "../../lab/setup.ts";
import { Bench } from "./Bench.tsx";
import { connectLab } from "./connect-lab.ts";
import { Debrief } from "./Debrief.tsx";
import { InlineText } from "./InlineText.tsx";
import { inEnglish, LabContext } from "./lab-context.ts";
import { InEnglishStill } from "./InEnglishStill.tsx";
import { LabHead } from "./LabHead.tsx";
import { Alone } from "./PaneHeading.tsx";
import { PredictionBox } from "./PredictionBox.tsx";
import "./code.css";
import "./lab.css";

export interface SurfaceProps {
  setup: LabSetup;
  /** It has a page to itself, whose heading is its title. */
  alone?: boolean;
  /** The lab's own page, where it is shown elsewhere. */
  page?: string;
}

/** The section carries its store, for tests and for what an author's tools add. */
export interface LabSection extends HTMLElement {
  store?: LabStore;
}

export default function LabSurface({ setup, alone = false, page }: SurfaceProps) {
  const store = useMemo(() => new LabStore(setup), [setup]);
  const section = useRef<LabSection>(null);
  const failed = useSignal<string | null>(null);
  useEffect(() => {
    if (section.current) section.current.store = store;
    connectLab(store).catch((error: unknown) => {
      failed.value = error instanceof Error ? error.message : String(error);
    });
    return () => store.dispose();
  }, [store, failed]);
  return (
    <LabContext.Provider value={store}>
      <Alone.Provider value={alone}>
        <section
          ref={section}
          class="lab not-content"
          id={`lab-${setup.id}`}
          data-lab={setup.id}
          data-alone={alone ? "" : undefined}
          data-ready={store.ready.value ? "" : undefined}
          aria-labelledby={alone ? "_top" : `lab-${setup.id}-title`}
        >
          <LabHead alone={alone} page={page} />
          <InEnglishStill />
          {failed.value !== null && (
            <p class="lab-problem" role="alert">
              This lab could not be made ready: {failed.value}
            </p>
          )}
          <ol class="lab-steps" lang={inEnglish(setup, "steps")}>
            {setup.text.steps.map((step) => (
              <li key={step}>
                <InlineText text={step} />
              </li>
            ))}
          </ol>
          {/* A search finds the lab by its title, question and steps; not by the words of its buttons, nor by what it gives away. */}
          <div data-pagefind-ignore="all">
            {store.prediction !== null && <PredictionBox prediction={store.prediction} />}
            <Bench />
            <Debrief />
          </div>
        </section>
      </Alone.Provider>
    </LabContext.Provider>
  );
}
