/** Whatever is given to a function that a lab can import, it answers with finite numbers or says what is wrong. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { verdictOn } from "./verdict.ts";
import { extremes, placesOf, replaced, tooLong, type Path } from "./mutate.ts";
import { inner } from "./inner-samples.ts";
import { calls, methods, publicFunctions, type Call } from "./samples.ts";

const long = process.env["TEST_LONG"] !== undefined;
/** Fits and searches that take a tenth of a second and more each. */
const dear = /^(calibrate|pareto)$|findPlans$/;
const functions = publicFunctions();

test("every function of the public face is fuzzed, and nothing that is none", () => {
  expect([...functions.keys()].sort()).toEqual(Object.keys(calls).sort());
});

const subjects = [
  ...[...functions].map(([name, of]) => ({ name, of, calls: calls[name] ?? [] })),
  ...Object.entries({ ...methods, ...inner }).map(([name, { of, calls }]) => ({ name, of, calls })),
];

describe.each(subjects)("$name", ({ name, of, calls }) => {
  test("takes its examples", () => {
    expect(calls.length).toBeGreaterThan(0);
    for (const call of calls) expect(verdictOn(name, of, call)).toBe("finite");
  });
  test("answers in finite numbers or with an InputError, whatever one or two of its arguments are", () => {
    const numRuns = long ? 3000 : dear.test(name) ? 5 : 60;
    fc.assert(
      fc.property(wrongCall(calls.map(placesOf)), ({ call, changes }) => {
        const wrong = changes.filter(({ path, value }) => !tooLong(path, extremes[value]));
        const args = wrong.reduce<Call>(
          (before, { path, value }) => replaced(before, path, extremes[value]),
          calls[call]!,
        );
        expect(["finite", "InputError"]).toContain(verdictOn(name, of, args));
      }),
      { numRuns },
    );
  });
});

/** Places are paths and values are numbers of `extremes`, so that what failed can be read in one line. */
interface WrongCall {
  readonly call: number;
  readonly changes: readonly { readonly path: Path; readonly value: number }[];
}

function wrongCall(places: readonly (readonly Path[])[]): fc.Arbitrary<WrongCall> {
  return fc.nat(places.length - 1).chain((call) => {
    // A function without arguments is given one.
    const path = fc.constantFrom<Path>(...(places[call]!.length > 0 ? places[call]! : [[0]]));
    const change = fc.record({ path, value: fc.nat(extremes.length - 1) });
    return fc.record({ call: fc.constant(call), changes: fc.array(change, { minLength: 1, maxLength: 2 }) });
  });
}
