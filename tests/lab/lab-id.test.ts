/** Names of labs: the form, and the names that mean something else. */
import { expect, it } from "vitest";
import { problemOfLabId } from "../../src/lab/lab-id.ts";

it.each(["a", "my-lab", "part-2", "modules-2"])("%s is a lab's name", (id) => {
  expect(problemOfLabId(id)).toBeNull();
});

it.each(["", "My-lab", "a--b", "2a", "a b", "../a", "a_b", "a-", "lab\n"])("%j is told the form", (id) => {
  expect(problemOfLabId(id)).toBe("A lab’s name is in small letters, with hyphens between words, such as my-lab.");
});

it.each([
  ["workspace", "the free workspace"],
  ["modules", "the list of what a lab may import"],
])("%s is told whose name that is", (id, whose) => {
  expect(problemOfLabId(id)).toBe(`No lab can be called ${id}: that is the name of ${whose}.`);
});
