/** Writes hosting/: the site's headers in the words of common static hosts. BASE=/course/ for a site under a path. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { caching, immutableFolders, siteHeaders } from "../src/server/site-headers.ts";

const note = "Written by `npm run hosting` from src/server/site-headers.ts.";
const headers = Object.entries(siteHeaders).map(([name, value]) => [titled(name), value] as const);

/** File names with their contents. @param base "/" or "/course/" */
export function hostingFiles(base = "/"): Readonly<Record<string, string>> {
  return { _headers: netlify(base), "nginx.conf": nginx(base), ".htaccess": apache(base), "vercel.json": vercel(base) };
}

/** Netlify and Cloudflare Pages. Their own default for other files is to ask each time. */
function netlify(base: string): string {
  const rule = (path: string, lines: readonly (readonly [string, string])[]): string =>
    [path, ...lines.map(([name, value]) => `  ${name}: ${value}`)].join("\n");
  return `${[
    `# ${note}`,
    rule(`${base}*`, headers),
    ...immutableFolders.map((folder) => rule(`${base}${folder}/*`, [["Cache-Control", caching.immutable]])),
  ].join("\n\n")}\n`;
}

function nginx(base: string): string {
  // A location with an add_header of its own forgets those around it, so each states them all.
  const all = headers.map(([name, value]) => `    add_header ${name} "${value}" always;`).join("\n");
  const location = (path: string, cache: string): string =>
    `location ${path} {\n${all}\n    add_header Cache-Control "${cache}" always;\n    try_files $uri $uri/index.html =404;\n}`;
  return `# ${note} Include it in a server block whose root holds the site.
# The build leaves .gz files beside the others.
gzip_static on;
error_page 404 ${base}404.html;

${[...immutableFolders.map((folder) => location(`${base}${folder}/`, caching.immutable)), location(base, caching.other)].join("\n\n")}
`;
}

function apache(base: string): string {
  const all = headers.map(([name, value]) => `  Header always set ${name} "${value}"`).join("\n");
  const folders = immutableFolders
    .map(
      (folder) =>
        `  <If "%{REQUEST_URI} =~ m#^${base}${folder}/#">\n    Header always set Cache-Control "${caching.immutable}"\n  </If>`,
    )
    .join("\n");
  return `# ${note} It belongs into the folder of the site.
ErrorDocument 404 ${base}404.html
AddType application/wasm .wasm
<IfModule mod_headers.c>
${all}
  Header always set Cache-Control "${caching.other}"
${folders}
</IfModule>
`;
}

function vercel(base: string): string {
  const listed = headers.map(([key, value]) => ({ key, value }));
  return `${JSON.stringify(
    {
      trailingSlash: true,
      headers: [
        { source: `${base}(.*)`, headers: listed },
        ...immutableFolders.map((folder) => ({
          source: `${base}${folder}/(.*)`,
          headers: [{ key: "Cache-Control", value: caching.immutable }],
        })),
      ],
    },
    null,
    2,
  )}\n`;
}

function titled(name: string): string {
  return name.replaceAll(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

if (import.meta.main) {
  const folder = join(import.meta.dirname, "../hosting");
  mkdirSync(folder, { recursive: true });
  const files = hostingFiles(process.env.BASE ?? "/");
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  console.log(`hosting/: ${Object.keys(files).join(", ")}`);
}
