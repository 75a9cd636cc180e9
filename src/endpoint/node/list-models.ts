/** The model list of an endpoint, fetched from a Node process. */
import { endpointUrl } from "../base-url.ts";
import { nodeFailure } from "../failures.ts";
import { readModelList } from "../models.ts";
import { MeasureError, type EndpointTarget } from "../endpoint-target.ts";
import { hideSecrets } from "../secrets.ts";
import { httpGet } from "./http-get.ts";

/** Throws MeasureError with what to try. */
export async function listModelsFromNode(target: EndpointTarget): Promise<string[]> {
  const url = endpointUrl(target.baseUrl, "/models");
  const answer = await httpGet(target, url).catch((error: NodeJS.ErrnoException) => {
    const failure = nodeFailure(error);
    throw new MeasureError(failure.kind, failure.message);
  });
  return readModelList(answer.status, answer.status === 200 ? answer.body : hideSecrets(answer.body, target));
}
