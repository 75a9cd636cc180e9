/** Reports promises that were rejected and never handled, and knows when all that there are so far have been reported. */

/** Milliseconds after which the end no longer waits for a browser that reports them late. */
const atMost = 1_000;
/** Kept before learner code can replace it. */
const NativePromise = Promise;

/** `later` calls back after milliseconds. Give it the scope before any learner code runs in it. */
export function watchRejections(
  scope: EventTarget,
  report: (thrown: unknown) => void,
  later: (task: () => void, after: number) => void,
): { reported(): Promise<void> } {
  const reject = NativePromise.reject.bind(NativePromise);
  let last: object | null = null;
  let seen: () => void = () => undefined;
  scope.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    const { reason } = event as PromiseRejectionEvent;
    if (last !== null && reason === last) seen();
    else report(reason);
  });
  return {
    reported: () =>
      new NativePromise((resolve) => {
        // They are reported in the order in which they came: when one of ours is, all before it were.
        seen = resolve;
        last = {};
        void reject(last);
        later(resolve, atMost);
      }),
  };
}
