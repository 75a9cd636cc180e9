/** Imports a module whose top level may await something that never comes, and says so when there is nothing left to wait for. */

interface Loader {
  later(task: () => void, after?: number): void;
  urlOf(code: string): string;
  importUrl(url: string): Promise<Record<string, unknown>>;
}

/** How often it is looked, milliseconds, and how often nothing must be seen in a row: what the browser itself does, such as hashing, takes less. */
const lookEvery = 25;
const looks = 60;

/** Where the module beside the learner's says that evaluation has begun: loading it can take any time. */
const begins = Symbol.for("perflab begins");

/** `pending`: whether a timer, a measurement or anything else that code can wait for is under way. Throws what the module throws. */
export async function importWatched(
  url: string,
  loader: Loader,
  pending: () => boolean,
): Promise<Readonly<Record<string, unknown>>> {
  let begun = false;
  let over = false;
  Reflect.set(globalThis, begins, () => (begun = true));
  const signal = loader.urlOf(`globalThis[Symbol.for(${JSON.stringify(begins.description)})]();`);
  const both = loader.urlOf(
    `import ${JSON.stringify(signal)};\nimport * as learner from ${JSON.stringify(url)};\nexport { learner };`,
  );
  // Without a method of promises: code may have replaced it.
  const module = await new Promise<Record<string, unknown>>((resolve, reject) => {
    const load = async () => {
      try {
        resolve(await loader.importUrl(both));
      } catch (thrown) {
        reject(thrown as Error);
      }
      over = true;
    };
    let idle = 0;
    const look = () => {
      if (over) return;
      idle = begun && !pending() ? idle + 1 : 0;
      if (idle < looks) loader.later(look, lookEvery);
      else reject(new NothingLeft());
    };
    void load();
    look();
  });
  return module["learner"] as Record<string, unknown>;
}

class NothingLeft extends Error {
  override readonly name = "Nothing left to wait for";
  constructor() {
    super(
      "the code awaits something that will never come: no timer is set, nothing is being measured, and the promise it waits for has not been settled.",
    );
  }
}
