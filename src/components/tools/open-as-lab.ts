/** A tool's configuration as code in the free workspace: the way there is a link that holds the code. */
import { toHash } from "../../lab/share.ts";
import { workspaceId } from "../../lab/workspace.ts";
import { href } from "../site/href.ts";

/** Address of the workspace with `code` as its copy; nothing runs by itself there. Rejects with a RangeError, in words, for code that no link carries. */
export async function openAsLab(code: string): Promise<string> {
  return `${href(`labs/${workspaceId}/`)}#${await toHash({ lab: workspaceId, code, params: {} })}`;
}
