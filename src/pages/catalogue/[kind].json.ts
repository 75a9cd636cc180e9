/** The catalogues for programs, at an address that stays: /catalogue/models.json, gpus.json, prices.json. */
import type { APIRoute } from "astro";
import { catalogues } from "../../components/catalogue/tables.ts";

export function getStaticPaths() {
  return catalogues.map((catalogue) => ({ params: { kind: catalogue.kind }, props: { catalogue } }));
}

export const GET: APIRoute<{ catalogue: (typeof catalogues)[number] }> = ({ props: { catalogue } }) => {
  const { title, units, tables } = catalogue;
  const lists = Object.fromEntries(tables.map(({ id, data }) => [id, data]));
  return new Response(`${JSON.stringify({ title, units, ...lists }, null, 1)}\n`, {
    headers: { "content-type": "application/json" },
  });
};
