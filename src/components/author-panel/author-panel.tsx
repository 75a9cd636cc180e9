/** @jsxImportSource preact */
/** Under `npm run dev`, below each lab: what its starter, solution and wrong answers do, proved in this very tab. Never part of a built site. */
import { useSignal } from "@preact/signals";
import { render } from "preact";
import type { LabUrls } from "../../lab/setup.ts";
import type { LabSection } from "../lab/LabSurface.tsx";
import { Outcome } from "./Outcome.tsx";
import { proveInTab, seeds, type Proof } from "./prove-in-tab.ts";
import "./author-panel.css";

/** As saved: Vite reloads the page when one of them changes. */
const files = import.meta.glob<string>("/labs/*/*.{ts,yaml}", { query: "?raw", import: "default" });

async function prove(id: string, urls: LabUrls): Promise<Proof> {
  const texts = await Promise.all(
    Object.entries(files).flatMap(([path, load]) => {
      const [, folder, file = ""] = /^\/labs\/([^/]+)\/(.+)$/.exec(path) ?? [];
      return folder === id ? [load().then((text) => [file, text] as const)] : [];
    }),
  );
  if (texts.length === 0)
    throw new Error(`The files of this lab are outside labs/. \`npm run check:labs -- ${id}\` proves it.`);
  return proveInTab(id, Object.fromEntries(texts), urls);
}

function AuthorPanel({ section }: { section: LabSection }) {
  const id = section.dataset["lab"] ?? "";
  const proof = useSignal<Proof | "running" | Error | null>(null);
  const run = () => {
    const urls = section.store?.setup.urls;
    if (urls === undefined) {
      proof.value = new Error("The lab above is not ready yet. Scroll to it, then try again.");
      return;
    }
    proof.value = "running";
    prove(id, urls).then(
      (done) => (proof.value = done),
      (error: unknown) => (proof.value = error instanceof Error ? error : new Error(String(error))),
    );
  };
  const now = proof.value;
  return (
    <details class="author-panel not-content">
      <summary>For the author of labs/{id}</summary>
      <p>
        <button type="button" data-action="prove" onClick={run} disabled={now === "running"}>
          {now === "running" ? "Running…" : `Prove on ${seeds.length} seeds`}
        </button>{" "}
        Runs starter, solution and wrong answers here. <code>npm run check:labs -- {id}</code> takes 40 seeds, and also
        changes the solution to see whether the checks notice.
      </p>
      {now instanceof Error && <p role="alert">{now.message}</p>}
      {now !== null && now !== "running" && !(now instanceof Error) && (
        <div role="status">
          <Outcome {...now} />
        </div>
      )}
    </details>
  );
}

for (const section of document.querySelectorAll<LabSection>(".lab[data-lab]")) {
  const host = document.createElement("div");
  // Beside the island: what stands inside it is the lab's own.
  (section.closest("astro-island") ?? section).after(host);
  render(<AuthorPanel section={section} />, host);
}
