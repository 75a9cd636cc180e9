/** What a request line asks for. Clients may send a path, a whole URL, or anything at all. */

/**
 * Path and query of a request, on a host that means nothing; null where there are none ("*", a bare authority, a broken URL).
 * A path of two slashes stays a path and never becomes another host.
 */
export function requestTarget(url: string | undefined): URL | null {
  try {
    if (url?.startsWith("/")) return new URL(`http://local${url}`);
    if (!/^https?:\/\//i.test(url ?? "")) return null;
    const { pathname, search } = new URL(url!);
    return new URL(`http://local${pathname}${search}`);
  } catch {
    return null;
  }
}
