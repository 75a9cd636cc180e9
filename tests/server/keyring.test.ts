import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { createKeyring } from "../../src/server/runner/keyring.ts";

const from = (origin?: string) => ({ headers: { origin } }) as IncomingMessage;
const page = from("http://127.0.0.1:4321");
const baseUrl = "http://10.0.0.1:8000/v1";

test("a kept key opens every path of its origin, and no other origin", () => {
  const keyring = createKeyring();
  keyring.keep(page, { baseUrl, key: "k" });
  expect(keyring.unlocked(page, { baseUrl: "http://10.0.0.1:8000/other" })).toMatchObject({ key: "k" });
  for (const elsewhere of ["http://10.0.0.1:8001/v1", "https://10.0.0.1:8000/v1", "http://10.0.0.2:8000/v1"])
    expect(keyring.unlocked(page, { baseUrl: elsewhere })).toEqual({ baseUrl: elsewhere });
});

test("another page's origin never gets it", () => {
  const keyring = createKeyring();
  keyring.keep(page, { baseUrl, key: "k" });
  for (const other of [from("https://paired.example"), from()])
    expect(keyring.unlocked(other, { baseUrl })).toEqual({ baseUrl });
});

test("a target's own key goes first; without a key, keep forgets", () => {
  const keyring = createKeyring();
  keyring.keep(page, { baseUrl, key: "k" });
  expect(keyring.unlocked(page, { baseUrl, key: "own" })).toMatchObject({ key: "own" });
  keyring.keep(page, { baseUrl });
  expect(keyring.unlocked(page, { baseUrl })).toEqual({ baseUrl });
});
