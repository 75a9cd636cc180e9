/** The end of a run waits for the browser to report rejections that nobody handled. */
import { describe, expect, it } from "vitest";
import { watchRejections } from "../../src/lab/sandbox/rejections.ts";

/** A scope that reports rejections in their order, when it is told to, as a browser does after the task in which they came. */
function scope() {
  const target = new EventTarget();
  const rejected: unknown[] = [];
  const reject = Promise.reject.bind(Promise);
  const spy = ((reason: unknown) => {
    rejected.push(reason);
    return reject(reason).catch(() => undefined);
  }) as typeof Promise.reject;
  const tell = () => {
    for (const reason of rejected.splice(0))
      target.dispatchEvent(Object.assign(new Event("unhandledrejection", { cancelable: true }), { reason }));
  };
  return { target, spy, tell };
}

describe("the end of a run", () => {
  it("waits until every rejection before it has been reported, and reports none of its own", async () => {
    const { target, spy, tell } = scope();
    const native = Promise.reject;
    Promise.reject = spy;
    try {
      const said: unknown[] = [];
      const watched = watchRejections(
        target,
        (thrown) => said.push(thrown),
        () => undefined,
      );
      for (let i = 0; i < 3_000; i++) void spy(i);
      let over = false;
      const end = watched.reported().then(() => (over = true));
      await Promise.resolve();
      expect(over).toBe(false);
      tell();
      await end;
      expect(said).toEqual(Array.from({ length: 3_000 }, (_, i) => i));
    } finally {
      Promise.reject = native;
    }
  });

  it("waits for a browser that reports nothing for so long only", async () => {
    const waits: number[] = [];
    const watched = watchRejections(
      new EventTarget(),
      () => undefined,
      (task, after) => {
        waits.push(after);
        task();
      },
    );
    const native = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", () => undefined);
    try {
      await watched.reported();
      await new Promise((resolve) => setTimeout(resolve, 0));
      expect(waits).toEqual([1_000]);
    } finally {
      process.removeAllListeners("unhandledRejection");
      for (const listener of native) process.on("unhandledRejection", listener);
    }
  });
});
