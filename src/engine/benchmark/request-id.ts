/** The X-Request-ID of each request: a UUID, because some servers take nothing else, made of the run's salt and the request's row. */

/** `salt`: 32 bits; `request`: the row in the Run, below 2⁴⁸. Version 4 in form, so that every server takes it. */
export function requestId(salt: number, request: number): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
  return `${hex(salt >>> 0, 8)}-0000-4000-8000-${hex(request, 12)}`;
}

/** The nth warm-up's of the shard-th client, which no row of a Run has. */
export function warmUpId(salt: number, shard: number, n: number): string {
  return requestId(salt, 0xf000_0000_0000 + shard * 2 ** 20 + n);
}
