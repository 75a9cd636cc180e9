/** Measures searches beside the page, so that it stays alive; says how far it is. */
import { measureSearches, type SearchSeries } from "./measure.ts";

export type FromWorker =
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "failed" }
  | { readonly kind: "measured"; readonly series: readonly SearchSeries[] };

const tell = (message: FromWorker): void => self.postMessage(message);

self.addEventListener("message", ({ data }: MessageEvent<number>) => {
  // A promise that fails in a worker is no error event of its page.
  measure(data).catch(() => tell({ kind: "failed" }));
});

async function measure(count: number): Promise<void> {
  const answer = await fetch(new URL("./words.i8", import.meta.url));
  if (!answer.ok) throw new Error(`the word vectors could not be fetched: ${answer.status}`);
  const codes = new Int8Array(await answer.arrayBuffer());
  let told = 0;
  const series = measureSearches(
    count,
    codes,
    () => performance.now() / 1000,
    (share) => {
      if (share - told < 0.02 && share < 1) return;
      told = share;
      tell({ kind: "progress", share });
    },
  );
  tell({ kind: "measured", series });
}
