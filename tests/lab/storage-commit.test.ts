/** A write is committed with its request, not once that is answered, and tells why it failed. */
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

test("a write whose transaction is given up fails with the transaction's reason, not with its request's", async () => {
  const full = new DOMException("full", "QuotaExceededError");
  const db = {
    get() {},
    getAll() {},
    getAllKeys() {},
    transaction: () => ({
      store: { put: () => Promise.reject(new DOMException("aborted", "AbortError")) },
      commit() {},
      done: new Promise((_, reject) => setTimeout(() => reject(full))),
    }),
  };
  await expect(committing(db as never).put("progress", {} as never)).rejects.toBe(full);
});
