/** The lab as learners meet it; its surface is loaded when a preview is asked for. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { LabSetup } from "../../lab/setup.ts";
import type LabSurface from "../lab/LabSurface.tsx";

export function Preview({ setup }: { setup: LabSetup }) {
  const surface = useSignal<typeof LabSurface | null>(null);
  useEffect(() => {
    void import("../lab/LabSurface.tsx").then((module) => (surface.value = module.default));
  }, []);
  const Surface = surface.value;
  return Surface === null ? <p role="status">The lab’s surface is on its way…</p> : <Surface setup={setup} />;
}
