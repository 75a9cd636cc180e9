/** Gives a lab in the page what it runs with: sandbox, compiler, measurer and storage. All labs of a page share them. */
import { fetchTrace } from "../../lab/fetch-trace.ts";
import { fetchLabCode, pageCompiler, pageSandbox } from "../../lab/page-services.ts";
import { openStorage, passingStorage } from "../../lab/storage.ts";
import type { LabStore } from "../../lab/store/lab-store.ts";
import { restorePreferences } from "../../lab/store/preferences.ts";
import { measurer } from "./measurer.ts";

export async function connectLab(store: LabStore): Promise<void> {
  const { urls } = store.setup;
  const [compiler, storage] = await Promise.all([pageCompiler(urls), openStorage()]);
  const sandbox = pageSandbox(urls);
  void sandbox.warm().catch(() => undefined);
  void import("../charts/perf-chart.ts").then(({ warmCharts }) => warmCharts()).catch(() => undefined);
  void fetchLabCode(urls).catch(() => undefined);
  await restorePreferences(storage);
  const keeps = store.setup.passing === true ? passingStorage() : storage;
  await store.connect({ sandbox, compiler, measurer, storage: keeps, fetchCode: () => fetchLabCode(urls), fetchTrace });
}

// Under `npm run dev`: the lab has been built again.
import.meta.hot?.on("perflab:labs", (ids: readonly string[]) => {
  if (ids.some((id) => document.querySelector(`[data-lab="${CSS.escape(id)}"]`) !== null)) location.reload();
});
