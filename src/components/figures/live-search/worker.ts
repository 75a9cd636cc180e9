/** Measures searches beside the page, so that it stays alive; says how far it is. */
import { measureSearches, type SearchSeries } from "./measure.ts";

export type FromWorker =
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "measured"; readonly series: readonly SearchSeries[] };

const tell = (message: FromWorker): void => self.postMessage(message);

self.addEventListener("message", ({ data }: MessageEvent<number>) => {
  let told = 0;
  const series = measureSearches(
    data,
    () => performance.now() / 1000,
    (share) => {
      if (share - told < 0.02 && share < 1) return;
      told = share;
      tell({ kind: "progress", share });
    },
  );
  tell({ kind: "measured", series });
});
