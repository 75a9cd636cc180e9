/** How a simulated endpoint is set up. */
import type { Server } from "../../engine/server.ts";
import type { BehaviourInput } from "./behaviour.ts";
import type { Log } from "../http/log.ts";
import type { Clock } from "./clock.ts";
import type { FixedPace } from "./pace/fixed.ts";

export interface SimulatedEndpointOptions {
  /** 0 takes any free port. */
  readonly port?: number;
  /** The address to bind; loopback unless asked otherwise. */
  readonly host?: string;
  /** The simulated server whose scheduler sets the pace. */
  readonly server?: Server;
  /** Instead of a server: a first token and a gap that do not depend on load. */
  readonly fixed?: FixedPace;
  /** The name in `/v1/models`; by default the server's model. */
  readonly model?: string;
  /** When given, requests without it get 401. */
  readonly apiKey?: string;
  /** Simulated seconds per real second. */
  readonly timeScale?: number;
  readonly seed?: number;
  /** Whether pages of any origin may read the answers; default true. */
  readonly cors?: boolean;
  readonly behaviour?: BehaviourInput;
  readonly clock?: Clock;
  /** Where refusals that nobody expected are told; stderr unless given. */
  readonly log?: Log;
}
