/** Counts the timers that learner code has set and that may still fire, so that a run doesn't end before the code it started. */

type Handler = (...args: unknown[]) => void;

/** Replaces the timers of the worker's scope; gives how many are live. */
export function watchTimers(scope: object): () => number {
  const live = new Set<unknown>();
  const native = (name: string): ((...args: unknown[]) => unknown) | undefined => {
    const found: unknown = Reflect.get(scope, name);
    return typeof found === "function" ? (found.bind(scope) as (...args: unknown[]) => unknown) : undefined;
  };

  const once = (name: string, clear: string) => {
    const set = native(name);
    if (set === undefined) return;
    Reflect.set(scope, name, (handler: unknown, ...rest: unknown[]) => {
      if (typeof handler !== "function") throw new TypeError(`${name} takes a function`);
      const id: unknown = set(
        (...args: unknown[]) => {
          live.delete(id);
          (handler as Handler)(...args);
        },
        ...rest,
      );
      live.add(id);
      return id;
    });
    forget(clear);
  };
  const forget = (name: string) => {
    const clear = native(name);
    if (clear === undefined) return;
    Reflect.set(scope, name, (id: unknown) => {
      live.delete(id);
      clear(id);
    });
  };

  const setInterval = native("setInterval")!;
  Reflect.set(scope, "setInterval", (handler: unknown, ...rest: unknown[]) => {
    if (typeof handler !== "function") throw new TypeError("setInterval takes a function");
    const id = setInterval(handler, ...rest);
    live.add(id);
    return id;
  });
  forget("clearInterval");
  once("setTimeout", "clearTimeout");
  once("requestAnimationFrame", "cancelAnimationFrame");
  return () => live.size;
}
