/** After the build: hashes every inline script of every page and writes the page's Content Security Policy into its head. */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { giscusOrigin } from "../src/components/site/giscus.ts";

const output = process.env.OUT_DIR ?? "dist";

/** Script types that a browser runs or obeys; anything else is data and needs no hash. */
const runnable = new Set(["", "module", "text/javascript", "application/javascript", "importmap", "speculationrules"]);

/**
 * The policy of a page, given the text of its inline scripts (design: connect only to our own origin, no third party). A page that offers
 * a discussion also lets giscus bring its script, style and frame, once the reader asks for them.
 * No Trusted Types: the search and the editor would stop working (hosting/README.md).
 */
export function policy(inlineScripts: readonly string[], discusses = false): string {
  const hashes = [...new Set(inlineScripts)].map(
    (script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`,
  );
  const giscus = discusses ? ` ${giscusOrigin}` : "";
  return [
    "default-src 'self'",
    `script-src 'self' 'wasm-unsafe-eval' ${hashes.join(" ")}`.trim() + giscus,
    // Any hash here would void 'unsafe-inline', which the editor and highlighted code need.
    `style-src 'self' 'unsafe-inline'${giscus}`,
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    `frame-src 'self'${giscus}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
  ].join("; ");
}

/** The page with its policy as the first thing after the charset. Throws on inline event handlers, which no hash can allow. */
export function withPolicy(html: string): string {
  const handler = tagsOf(html).find((tag) => /\son[a-z]+\s*=/i.test(tag.replace(/"[^"]*"|'[^']*'/g, '""')));
  if (handler) throw new Error(`an inline event handler would be blocked: ${handler.slice(0, 120)}`);
  const scripts: string[] = [];
  for (const [, attributes = "", text = ""] of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)) {
    const type = /\stype\s*=\s*["']?([^"'\s>]*)/i.exec(attributes)?.[1] ?? "";
    if (!/\ssrc\s*=/i.test(attributes) && runnable.has(type.toLowerCase())) scripts.push(text);
  }
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy(scripts, html.includes("<course-discussion"))}">`;
  const charset = /<meta charset=["']?utf-8["']?\s*\/?>/i;
  if (!charset.test(html)) throw new Error("a page without <meta charset> has no place for its policy");
  return html.replace(charset, (found) => found + meta);
}

/** Opening tags, with their attributes: what is quoted may hold anything, code included. */
function tagsOf(html: string): readonly string[] {
  const withoutScripts = html.replace(/<script\b[^>]*>[\s\S]*?<\/script>/gi, "");
  return withoutScripts.match(/<[a-z](?:"[^"]*"|'[^']*'|[^'">])*>/gi) ?? [];
}

/** What a policy must say, and what it may not, whoever wrote it: the sandbox document brings its own. */
export function faultsOf(html: string): string[] {
  const policies = [...html.matchAll(/<meta http-equiv=["']?content-security-policy["']? content="([^"]*)"/gi)];
  if (policies.length !== 1) return [`${policies.length} policies instead of one`];
  const head = html.slice(0, policies[0]!.index);
  const directives = new Map(
    policies[0]![1]!.split(";").map((each) => {
      const [name = "", ...sources] = each.trim().split(/\s+/);
      return [name, sources] as const;
    }),
  );
  const sourcesOf = (name: string): readonly string[] => directives.get(name) ?? directives.get("default-src") ?? ["*"];
  const faults: string[] = [];
  if (/<(script|link|img|iframe|object|embed|base)\b/i.test(head)) faults.push("something is loaded before the policy");
  const script = sourcesOf("script-src");
  for (const source of ["'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:", "data:"])
    if (script.includes(source)) faults.push(`script-src allows ${source}`);
  if (!["'self'", "'none'"].includes(sourcesOf("connect-src").join(" ")))
    faults.push("connect-src is not 'self' or 'none'");
  for (const name of ["object-src", "frame-src"])
    if (sourcesOf(name).some((source) => !/^('self'|'none'|https:\/\/giscus\.app)$/.test(source)))
      faults.push(`${name} is too wide`);
  for (const name of ["base-uri", "form-action"])
    if (!/^'(self|none)'$/.test((directives.get(name) ?? []).join(" "))) faults.push(`${name} is not stated`);
  return faults;
}

/** Pages that bring a policy of their own (the sandbox document) are left alone. Throws where a page's policy is not what it must be. */
function apply(folder: string): number {
  const pages = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".html"));
  let written = 0;
  for (const page of pages) {
    const path = join(folder, page);
    const html = readFileSync(path, "utf8");
    const own = /http-equiv=["']?content-security-policy/i.test(html);
    const finished = own ? html : withPolicy(html);
    const faults = faultsOf(finished);
    if (faults.length > 0) throw new Error(`the policy of ${page}: ${faults.join("; ")}`);
    if (own) continue;
    writeFileSync(path, finished);
    written++;
  }
  return written;
}

if (import.meta.main) console.log(`content security policy: ${apply(output)} pages in ${output}`);
