import fc from "fast-check";
import { expect, test } from "vitest";
import { fromHash, toHash } from "../../src/lab/share.ts";

const params = fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.string()), { noNullPrototype: true });

test("a link gives back the code and the values that went in", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme" }), params, async (code, values) => {
      const shared = { lab: "a-lab", code, params: values };
      const opened = await fromHash(`#${await toHash(shared)}`, "a-lab");
      expect(opened).toEqual({ kind: "shared", shared: JSON.parse(JSON.stringify(shared)) as unknown });
    }),
    { numRuns: 50 },
  );
});

test("a link that lost or changed a character is damaged, never other code", async () => {
  const hash = await toHash({ lab: "a-lab", code: "console.log(1);\n".repeat(20), params: { rtt: 40 } });
  for (let i = "lab=1.a-lab.".length; i < hash.length; i++) {
    const other = hash[i] === "A" ? "B" : "A";
    for (const changed of [hash.slice(0, i), hash.slice(0, i) + other + hash.slice(i + 1)]) {
      const opened = await fromHash(changed, "a-lab");
      if (opened.kind === "shared") expect(opened.shared.code).toBe("console.log(1);\n".repeat(20));
      else expect(opened).toMatchObject({ kind: "problem", text: expect.stringContaining("damaged") as unknown });
    }
  }
});

test("a link of another lab or a newer course says so, and another hash is none", async () => {
  const hash = await toHash({ lab: "a-lab", code: "1", params: {} });
  expect(await fromHash(hash, "b-lab")).toMatchObject({
    kind: "problem",
    text: expect.stringContaining('"a-lab"') as unknown,
  });
  expect(await fromHash(hash.replace("lab=1.", "lab=2."), "a-lab")).toMatchObject({
    kind: "problem",
    text: expect.stringContaining("newer") as unknown,
  });
  expect(await fromHash("#lab-anatomy", "a-lab")).toEqual({ kind: "none" });
});
