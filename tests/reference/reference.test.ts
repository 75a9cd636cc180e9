/** The reference of perflab: complete, in words, with examples that run. */
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { groups, readGroups } from "../../scripts/reference/groups.ts";
import { readApi } from "../../scripts/reference/read-api.ts";
import { examples, runExample } from "../../scripts/reference/run-example.ts";
import { parameterDocs } from "../../src/reference/parameters.ts";

const entries = readApi();
const documented = entries.filter(({ kind }) => kind !== "type");

it("knows every export of both modules, once", async () => {
  const modules = [await import("perflab"), await import("perflab/checks")];
  const exported = modules.flatMap((module) => Object.keys(module));
  expect(documented.map(({ name }) => name).sort()).toEqual([...exported].sort());
});

it("every group has a page with something on it, and a name leads to the group of its heading", () => {
  for (const { slug } of groups)
    expect(
      entries.some(({ group }) => group.slug === slug),
      slug,
    ).toBe(true);
  const { groupOf } = readGroups();
  expect(groupOf("perflab", "goodput", "src/engine/metrics/goodput.ts").slug).toBe("metrics");
  expect(groupOf("perflab", "param", "src/lab/bound.ts").slug).toBe("labs");
});

it("every parameter, and every field of one that is spelled out, is explained", () => {
  const bare = documented.flatMap(({ name, parameters }) =>
    parameters
      .flatMap((parameter) => (parameter.fields.length > 0 ? parameter.fields : [parameter]))
      .filter((each) => !each.docs && !Object.hasOwn(parameterDocs, each.name))
      .map((each) => `${name}: ${each.name}`),
  );
  expect(bare).toEqual([]);
});

it("no explanation is left of a parameter that is no longer there", () => {
  const used = new Set(
    documented.flatMap(({ parameters, signature }) => [
      ...parameters.flatMap((parameter) => [parameter.name, ...parameter.fields.map(({ name }) => name)]),
      ...(signature.match(/\w+(?=\??:)/g) ?? []),
    ]),
  );
  expect(Object.keys(parameterDocs).filter((name) => !used.has(name))).toEqual([]);
});

it("no example is left of something that is no longer exported", () => {
  const names = new Set(documented.map(({ name }) => `${name}.ts`));
  expect(readdirSync(examples).filter((file) => !names.has(file))).toEqual([]);
});

describe("the example runs in a lab, uses what it is for, and shows something:", () => {
  for (const { name } of documented)
    it(name, async () => {
      const { code, output, charts } = await runExample(name);
      expect(code.replace(/^import .*$/gm, "")).toMatch(new RegExp(`\\b${name}\\b`));
      expect(output.length + charts.length).toBeGreaterThan(0);
    });
});
