/** What a chart's data are, in two or three words. */
import type { ChartOrigin } from "../../engine/chart/types.ts";

export function badgeText(origin: ChartOrigin): string {
  if (origin.kind === "simulated") return origin.seed === undefined ? "simulated" : `simulated · seed ${origin.seed}`;
  if (origin.kind === "measured") return origin.target ? `measured · ${origin.target}` : "measured";
  return "calculated";
}
