/** Writes the JSON Schemas beside the labs, with which editors complete and explain fields: `npm run schema:lab`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lab/output.ts";
import { schemaFiles } from "./lab/schema-files.ts";

for (const [file, text] of Object.entries(await schemaFiles())) writeFileSync(join(root, "labs", file), text);
