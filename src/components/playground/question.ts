/** What the page and the simulator's workers say to each other. */
import type { RequestTable } from "../../engine/workload/request-table.ts";
import type { MovingFigure } from "../figures/moving.ts";
import type { Setup } from "./configure.ts";
import type { OwnTrace } from "./own-trace.ts";
import type { Picture, View } from "./picture.ts";
import type { Sweep } from "./sweep.ts";

export type Question =
  /** The trace that later questions replay. */
  | { readonly kind: "hold"; readonly table: RequestTable }
  | { readonly kind: "read"; readonly name: string; readonly source: Blob | string }
  /** `moving`: of as many requests as are simulated between two frames; else of all. */
  | { readonly kind: "picture"; readonly setup: Setup; readonly view: View; readonly moving: boolean }
  | { readonly kind: "sweep"; readonly setup: Setup }
  | { readonly kind: "steps"; readonly setup: Setup };

export type Answer =
  | { readonly kind: "held" }
  | { readonly kind: "read"; readonly trace: OwnTrace }
  | { readonly kind: "picture"; readonly picture: Picture }
  | { readonly kind: "sweep"; readonly sweep: Sweep }
  | { readonly kind: "steps"; readonly figure: MovingFigure };
