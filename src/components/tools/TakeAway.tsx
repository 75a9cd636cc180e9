/** What can be taken from a tool: CSV, JSON, a link, paper, and its configuration as code in a lab. */
import { useSignal } from "@preact/signals";
import { Button } from "../lab/Button.tsx";
import { saveFile } from "../save-file.ts";
import { openAsLab } from "./open-as-lab.ts";

interface Props {
  /** Begins the names of files. */
  readonly stem: string;
  csv(): string;
  json(): unknown;
  /** Said beside the link where it does not hold everything. */
  readonly linkLacks: string | null;
  /** What the tool shows, as a program of the workspace. */
  code(): string;
}

export function TakeAway({ stem, csv, json, linkLacks, code }: Props) {
  const said = useSignal("");
  const copyLink = async () => {
    said.value = await navigator.clipboard.writeText(location.href).then(
      () => `The link is copied.${linkLacks === null ? "" : ` ${linkLacks}`}`,
      () => "The browser did not allow copying: the address of this page is the link.",
    );
  };
  const openLab = async () => {
    try {
      location.assign(await openAsLab(code()));
    } catch (error) {
      said.value = error instanceof Error ? error.message : String(error);
    }
  };
  return (
    <p class="tool-away print:hidden">
      <Button action="csv" onPress={() => saveFile(`${stem}.csv`, csv(), "text/csv")}>
        CSV
      </Button>
      <Button
        action="json"
        onPress={() => saveFile(`${stem}.json`, JSON.stringify(json(), null, 1), "application/json")}
      >
        JSON
      </Button>
      <Button action="link" onPress={() => void copyLink()}>
        Copy link
      </Button>
      <Button action="lab" onPress={() => void openLab()}>
        Open as lab
      </Button>
      <Button action="print" onPress={() => print()}>
        Print
      </Button>
      <span role="status">{said.value}</span>
    </p>
  );
}
