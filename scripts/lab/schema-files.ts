/** JSON Schemas of a lab's YAML files, generated from what reads them. */
import { format } from "prettier";
import { z } from "zod";
import { labSchema } from "../../src/lab/definition.ts";
import { answersSchema, wrongSchema } from "../../src/lab/wrong-answers.ts";

/** Text by file name. */
export async function schemaFiles(): Promise<Readonly<Record<string, string>>> {
  const schemas = {
    "answers.schema.json": answersSchema,
    "lab.schema.json": labSchema,
    "wrong.schema.json": wrongSchema,
  };
  const texts = Object.entries(schemas).map(async ([file, schema]) => {
    const json = JSON.stringify(z.toJSONSchema(schema, { io: "input" }));
    return [file, await format(json, { parser: "json", printWidth: 120 })] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}
