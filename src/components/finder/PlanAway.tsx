/** A chosen row as commands and as a manifest, to copy or to save. */
import { useSignal } from "@preact/signals";
import type { PlanRow } from "../../engine/plan/types.ts";
import { sglangCommand, versions, vllmCommand } from "../../engine/plan/take-away/commands.ts";
import { kubernetesManifest } from "../../engine/plan/take-away/kubernetes.ts";
import { Button } from "../lab/Button.tsx";
import { saveFile } from "../save-file.ts";
import { detailOf, titleOf } from "./plan-words.ts";

interface Piece {
  readonly id: string;
  readonly title: string;
  readonly file: string;
  readonly text: string;
  readonly notes: readonly string[];
}

export function PlanAway({ row }: { readonly row: PlanRow }) {
  return (
    <section class="finder-away" data-part="take-away">
      <h3>
        Take it away: {titleOf(row)}, {detailOf(row)}
      </h3>
      <p>
        Not run. Options are those of vLLM {versions.vllm} and SGLang {versions.sglang}; in another version, compare
        them with its <code>--help</code>.
      </p>
      {piecesOf(row).map((piece) => (
        <TakenPiece key={piece.id} piece={piece} />
      ))}
    </section>
  );
}

function piecesOf({ server }: PlanRow): Piece[] {
  const vllm = vllmCommand(server);
  const sglang = sglangCommand(server);
  return [
    { id: "vllm", title: "vLLM", file: "serve-vllm.sh", ...vllm },
    { id: "sglang", title: "SGLang", file: "serve-sglang.sh", ...sglang },
    manifestOf(server),
  ];
}

function manifestOf(server: PlanRow["server"]): Piece {
  const about = { id: "kubernetes", title: "Kubernetes", file: "vllm.yaml" };
  try {
    return { ...about, text: kubernetesManifest(server), notes: [] };
  } catch (error) {
    return { ...about, text: "", notes: [`No manifest: ${error instanceof Error ? error.message : String(error)}.`] };
  }
}

function TakenPiece({ piece: { id, title, file, text, notes } }: { readonly piece: Piece }) {
  const said = useSignal("");
  const copy = async () => {
    said.value = await navigator.clipboard.writeText(text).then(
      () => "Copied.",
      () => "The browser did not allow copying: select the text instead.",
    );
  };
  return (
    <div class="finder-piece" data-piece={id}>
      <h4>{title}</h4>
      {text !== "" && (
        <>
          <pre tabIndex={0} aria-label={`${title}, not run`}>
            <code>{text}</code>
          </pre>
          <p class="print:hidden">
            <Button action={`copy-${id}`} label={`Copy for ${title}`} onPress={() => void copy()}>
              Copy
            </Button>
            <Button
              action={`save-${id}`}
              label={`Download for ${title}`}
              onPress={() =>
                saveFile(file, file.endsWith(".sh") ? `#!/bin/sh\n# Not run.\n${text}\n` : text, "text/plain")
              }
            >
              Download
            </Button>
            <span role="status">{said.value}</span>
          </p>
        </>
      )}
      {notes.length > 0 && (
        <ul>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
