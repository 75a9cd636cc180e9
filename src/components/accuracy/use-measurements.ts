/** Fetches the measurements once a page, and keeps the reader's choices in the address. */
import { useEffect, useState } from "preact/hooks";
import { readChoices, writeChoices, type Choices } from "./choices.ts";
import { unpackMeasurements, type Measurement, type MeasurementFile } from "./measurements.ts";

export interface Loaded {
  readonly rows: readonly Measurement[] | null;
  readonly problem: string | null;
}

export function useMeasurements(address: string): Loaded {
  const [loaded, setLoaded] = useState<Loaded>({ rows: null, problem: null });
  useEffect(() => {
    const stop = new AbortController();
    fetch(address, { signal: stop.signal })
      .then(async (answer) => {
        if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
        setLoaded({ rows: unpackMeasurements((await answer.json()) as MeasurementFile), problem: null });
      })
      .catch((error: unknown) => {
        if (stop.signal.aborted) return;
        const why = error instanceof Error ? error.message : String(error);
        setLoaded({
          rows: null,
          problem: `The measurements could not be fetched: ${why}. Reload the page to try again.`,
        });
      });
    return () => stop.abort();
  }, [address]);
  return loaded;
}

/** The choices, and a function that changes some of them here and in the address. `defaults` must be one object for good. */
export function useChoices<T extends Choices>(defaults: T): [T, (change: Partial<T>) => void] {
  const [choices, setChoices] = useState(defaults);
  useEffect(() => setChoices(readChoices(defaults, location.search)), [defaults]);
  return [
    choices,
    (change) => {
      const next = { ...choices, ...change };
      setChoices(next);
      history.replaceState(
        history.state,
        "",
        `${location.pathname}${writeChoices(next, defaults, location.search)}${location.hash}`,
      );
    },
  ];
}
