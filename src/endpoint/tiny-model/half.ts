/** IEEE 754 half precision, as bits. */
const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

/** The bits of the nearest F16, ties to even. Too small becomes zero, too large infinity. */
export function halfBits(value: number): number {
  float[0] = value;
  const bits = word[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude >= 0x47800000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    const scaled = Math.abs(value) * 2 ** 24;
    const low = Math.floor(scaled);
    const rest = scaled - low;
    return sign | (rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low);
  }
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}
