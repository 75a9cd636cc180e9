import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { faultsOf, withPolicy } from "../../scripts/csp.ts";

const page = (body: string) =>
  `<!doctype html><html><head><meta charset="utf-8"><title>t</title></head><body>${body}</body></html>`;
const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

test("an inline script is allowed by its hash, and no other is", () => {
  const html = withPolicy(page("<script>one()</script><script type=module>two()</script>"));
  expect(html).toContain(hash("one()"));
  expect(html).toContain(hash("two()"));
  expect(html).not.toMatch(/script-src[^;]*unsafe-inline/);
});

test("scripts from a file and data blocks need no hash", () => {
  const html = withPolicy(page('<script src="/a.js"></script><script type="application/json">{}</script>'));
  expect(html).not.toContain("sha256-");
});

test("styles keep 'unsafe-inline', which a hash would void", () => {
  expect(withPolicy(page("<style>a{}</style>"))).toContain("style-src 'self' 'unsafe-inline';");
});

test("the policy stands before anything it must govern", () => {
  const html = withPolicy(page("<script>one()</script>"));
  expect(html.indexOf("Content-Security-Policy")).toBeLessThan(html.indexOf("<title>"));
});

test("an inline event handler is refused, since no hash can allow it", () => {
  expect(() => withPolicy(page('<button onclick="go()">x</button>'))).toThrow(/event handler/);
});

test("a page that offers a discussion lets giscus in, and no other page does", () => {
  const [with_, without] = [page("<course-discussion></course-discussion>"), page("")].map((html) => withPolicy(html));
  for (const part of ["script-src", "style-src", "frame-src"])
    expect(with_).toMatch(new RegExp(`${part} [^;]*https://giscus\\.app[;"]`));
  expect(with_).toContain("connect-src 'self';");
  expect(without).not.toContain("giscus");
});

test("a page's own policy has no fault; one that is missing, doubled, late or wider than it may be has", () => {
  const good = withPolicy(page("<script>one()</script>"));
  expect(faultsOf(good)).toEqual([]);
  expect(faultsOf(withPolicy(page("<course-discussion></course-discussion>")))).toEqual([]);
  expect(faultsOf(page(""))).toEqual(["0 policies instead of one"]);
  expect(faultsOf(good + good)).toEqual(["2 policies instead of one"]);
  expect(faultsOf(good.replace("<meta charset", '<script src="a.js"></script><meta charset'))).toHaveLength(1);
  for (const [from, to, fault] of [
    ["script-src 'self'", "script-src 'self' 'unsafe-inline'", "script-src allows 'unsafe-inline'"],
    ["script-src 'self'", "script-src 'self' https:", "script-src allows https:"],
    ["connect-src 'self'", "connect-src *", "connect-src is not 'self' or 'none'"],
    ["object-src 'none'", "object-src *", "object-src is too wide"],
    ["; base-uri 'self'", "", "base-uri is not stated"],
  ] as const)
    expect(faultsOf(good.replace(from, to))).toEqual([fault]);
});
