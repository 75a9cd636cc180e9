/** A write is committed with its request, not once that is answered. */
import { expect, test } from "vitest";
import { committing } from "../../src/lab/storage-commit.ts";

test.each(["put", "delete", "clear"] as const)("%s asks for its commit in the same turn", async (method) => {
  const said: string[] = [];
  const db = {
    get() {},
    getAll() {},
    getAllKeys() {},
    transaction: () => ({
      store: { [method]: () => (said.push(method), new Promise((answer) => setTimeout(answer))) },
      commit: () => said.push("commit"),
      done: Promise.resolve(),
    }),
  };
  const asked = (committing(db as never)[method] as (...args: string[]) => Promise<unknown>)("progress", "id");
  expect(said).toEqual([method, "commit"]);
  await asked;
});
