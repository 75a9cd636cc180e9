/** Hands out the lab with the code and values as they are now: a zip that runs under Node with nothing installed. */
import { useSignal } from "@preact/signals";
import { fetchJson, fetchText } from "../../lab/page-services.ts";
import { projectFiles } from "../../lab/project-file.ts";
import type { LabStore } from "../../lab/store/lab-store.ts";
import { tracesOf } from "../../lab/traces.ts";
import { Button } from "./Button.tsx";
import { useLab, useSay } from "./lab-context.ts";
import { saveFile } from "../save-file.ts";

export function ProjectButton() {
  const store = useLab();
  const say = useSay();
  const said = useSignal("");
  const save = async () => {
    said.value = "Packing…";
    try {
      const zip = await packProject(store);
      saveFile(`${store.setup.id}.zip`, zip, "application/zip");
      said.value = `Saved as ${store.setup.id}.zip. Unpack it and type: node run.mjs`;
    } catch (error) {
      said.value = error instanceof Error ? error.message : String(error);
    }
  };
  return (
    <>
      <Button action="project" unusable={store.busy.value} onPress={() => void save()}>
        Download as project
      </Button>
      <p role="status" data-part="project-said">
        {say(said.value)}
      </p>
    </>
  );
}

async function packProject(store: LabStore): Promise<Uint8Array<ArrayBuffer>> {
  const { setup, code, params } = store;
  const { urls } = setup;
  const compiled = await store.compiled();
  const declared = (setup.traces ?? []).map(({ name }) => name);
  const named = tracesOf(declared, compiled, Object.keys(urls.traces ?? {}));
  const [{ strToU8, zipSync }, perflab, declarations, ...traces] = await Promise.all([
    import("fflate"),
    fetchText(urls.project),
    fetchJson<{ perflab: string; globals: string }>(urls.declarations),
    ...named.map(async (name) => [name, await fetchText(urls.traces?.[name]?.url ?? "")] as const),
  ]);
  const files = projectFiles(setup, {
    code: code.mine.peek(),
    compiled,
    params: params.values.peek(),
    perflab,
    declarations,
    traces: Object.fromEntries(traces),
  });
  return zipSync(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])),
  ) as Uint8Array<ArrayBuffer>;
}
