/** JSON that brings typed arrays, NaN and the infinities back as they were: for Runs and charts in files. */

const arrays = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
} as const;
type ArrayName = keyof typeof arrays;

export function toTypedJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each === "number" && !Number.isFinite(each)) return { $number: String(each) };
    if (!ArrayBuffer.isView(each) || each instanceof DataView) return each;
    const name = each.constructor.name as ArrayName;
    const values = Array.from(each as unknown as ArrayLike<number>, (number) =>
      Number.isFinite(number) ? number : String(number),
    );
    return { $array: name, values };
  });
}

/** Throws SyntaxError for what is no JSON. */
export function fromTypedJson(text: string): unknown {
  return JSON.parse(text, (_key, each: unknown) => {
    if (typeof each !== "object" || each === null) return each;
    if ("$number" in each) return Number(each.$number);
    if (!("$array" in each) || !("values" in each) || !Array.isArray(each.values)) return each;
    const ArrayOf = Object.hasOwn(arrays, String(each.$array)) ? arrays[each.$array as ArrayName] : undefined;
    return ArrayOf === undefined ? each : ArrayOf.from(each.values.map(Number));
  });
}
