/** Which edition of the course this is: version, commit and repository, as known when the site is built. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

interface Package {
  readonly version: string;
  readonly repository?: string | { readonly url: string };
}

const { version, repository: stated } = JSON.parse(readFileSync("package.json", "utf8")) as Package;
const commit = git("rev-parse", "--short=8", "HEAD");
const repository = webAddress(
  process.env.REPOSITORY ?? (typeof stated === "string" ? stated : stated?.url) ?? git("remote", "get-url", "origin"),
);

/** `repository` is a web address without a slash at its end, where one is stated or the clone has one. */
export const edition = {
  version,
  commit,
  repository,
  commitUrl: commit && repository && `${repository}/commit/${commit}`,
};

/** Where to report what is wrong on a page: a new issue that names page and edition. */
export function feedbackOn(title: string, pathname: string): string {
  const body = `Page: ${pathname}\nEdition: ${version} ${commit ?? ""}\n\nWhat is wrong, and what should it say?\n`;
  return `${repository}/issues/new?${new URLSearchParams({ title: `On “${title}”: `, body })}`;
}

function git(...args: readonly string[]): string | undefined {
  try {
    return execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** `git@host:owner/name.git` and `git+https://…` as people open them; undefined for a path, or an address with a secret in it. */
function webAddress(address: string | undefined): string | undefined {
  const plain = address
    ?.replace(/^git\+/, "")
    .replace(/^(?:ssh:\/\/)?git@([^:/]+)[:/]/, "https://$1/")
    .replace(/\.git\/?$/, "");
  if (plain === undefined || !URL.canParse(plain)) return undefined;
  const { protocol, username, password, hostname } = new URL(plain);
  const local = hostname === "localhost" || hostname.startsWith("127.");
  return protocol === "https:" && !username && !password && !local ? plain : undefined;
}
