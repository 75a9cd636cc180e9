/** JSON Schemas of a lab's YAML files, generated from what reads them. */
import { format } from "prettier";
import { z } from "zod";
import { labSchema } from "../../src/lab/definition.ts";
import { wrongSchema } from "../../src/lab/wrong-answers.ts";

/** Text by file name. */
export async function schemaFiles(): Promise<Readonly<Record<string, string>>> {
  const texts = Object.entries({ "lab.schema.json": labSchema, "wrong.schema.json": wrongSchema }).map(
    async ([file, schema]) => {
      const json = JSON.stringify(z.toJSONSchema(schema, { io: "input" }));
      return [file, await format(json, { parser: "json", printWidth: 120 })] as const;
    },
  );
  return Object.fromEntries(await Promise.all(texts));
}
