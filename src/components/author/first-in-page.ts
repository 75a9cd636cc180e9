/** Which words a page has linked already: the first of each carries the anchor that the glossary leads back to. */
const linked = new WeakMap<Request, Set<string>>();

/** True once for each id in the page that `request` asks for. */
export function firstInPage(request: Request, id: string): boolean {
  const ids = linked.get(request) ?? new Set<string>();
  linked.set(request, ids);
  if (ids.has(id)) return false;
  ids.add(id);
  return true;
}
