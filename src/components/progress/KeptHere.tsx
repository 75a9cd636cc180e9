/** What is stored, where, and how to send it out, take it in and delete it. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { mergeKept, readKeepFile, storeWords, writeKeepFile, type Kept } from "../../lab/keep/keep-file.ts";
import { databaseName, openStorage, storeNames, type StoreName } from "../../lab/storage.ts";
import { pickFile, saveFile } from "../save-file.ts";

const whatFor: Readonly<Record<StoreName, string>> = {
  progress: "lessons and sections read, labs passed, quiz answers, and where you were",
  predictions: "each number you predicted, why, and how sure you were",
  drafts: "code as you typed it",
  runs: "name, code, seed, values and results of every run",
  runData: "columns and charts of pinned runs and the last 50",
  settings: "widths, font size, word wrap, and the address of the last endpoint, never its key",
};

interface Props {
  readonly kept: Kept;
  /** Something was taken in or deleted. */
  onChanged(): Promise<void>;
}

export function KeptHere({ kept, onChanged }: Props) {
  const said = useSignal<readonly string[]>([]);
  const sure = useSignal(false);
  const deleteButton = useRef<HTMLButtonElement>(null);
  const takeIn = async (text: string, name: string) => {
    said.value = await addFrom(text, name);
    await onChanged();
  };
  const ask = (open: boolean) => {
    sure.value = open;
    if (!open) deleteButton.current?.focus();
  };
  const deleteAll = async () => {
    const storage = await openStorage();
    for (const store of storeNames) await storage.clear(store);
    ask(false);
    said.value = ["Everything that this course kept in this browser is deleted."];
    await onChanged();
  };
  return (
    <section id="kept">
      <h2>What is kept, and where</h2>
      <p>
        All of it is in this browser, on this device (IndexedDB, “{databaseName}”). There is no account, and nothing is
        sent anywhere. Clearing this site’s data in the browser deletes it too. Never kept: keys of endpoints.
      </p>
      <dl class="progress-stores">
        {storeNames.map((store) => (
          <div key={store}>
            <dt>
              <b>{kept[store]?.length ?? 0}</b> {storeWords[store]}
            </dt>
            <dd>{whatFor[store]}</dd>
          </div>
        ))}
      </dl>
      <p class="progress-acts needs-js">
        <button
          type="button"
          data-action="export-all"
          onClick={() =>
            saveFile("course-progress.json", writeKeepFile(kept, new Date().toISOString()), "application/json")
          }
        >
          Save everything as a file
        </button>
        <button
          type="button"
          data-action="import-all"
          onClick={() => pickFile(".json", (text, name) => void takeIn(text, name))}
        >
          Add from a file
        </button>
        <button ref={deleteButton} type="button" data-action="delete-all" onClick={() => ask(true)}>
          Delete everything
        </button>
      </p>
      {sure.value && (
        <div class="progress-acts" role="alertdialog" aria-label="Delete everything?">
          <span>This can’t be undone. Save a file first if you may want it back.</span>
          <button type="button" data-action="delete-sure" onClick={() => void deleteAll()}>
            Delete it all
          </button>
          <button
            ref={(button: HTMLButtonElement | null) => button?.focus()}
            type="button"
            data-action="delete-not"
            onClick={() => ask(false)}
          >
            Keep it
          </button>
        </div>
      )}
      <div role="status" data-part="kept-said">
        {said.value.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
    </section>
  );
}

/** In words: what was added, what gave way, what could not be read. */
async function addFrom(text: string, name: string): Promise<readonly string[]> {
  try {
    const file = readKeepFile(text);
    const { added, said } = await mergeKept(await openStorage(), file.kept);
    const counts = storeNames.flatMap((store) => (added[store] > 0 ? [`${added[store]} in ${storeWords[store]}`] : []));
    return [
      counts.length > 0
        ? `Added from ${name}: ${counts.join(", ")}.`
        : `${name} holds nothing that is not here already.`,
      ...said,
      ...file.left.map((each) => `Left out: ${each}.`),
    ];
  } catch (error) {
    return [`${name} was not read: ${error instanceof Error ? error.message : String(error)}.`];
  }
}
