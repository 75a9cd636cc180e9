/** When a plan's requests are issued: open chains at their moments, each user's chains one after another, turns after thinking. */
import type { Chain, Plan } from "./plan.ts";
import type { Clock } from "./transport.ts";

/** The load that a schedule feeds. Times in seconds, on the load's clock. */
export interface Issuer {
  later(time: number, call: () => void): void;
  stopsIssuing(): boolean;
  due(request: number, time: number): void;
  offer(chain: Chain, turn: number): void;
}

export class Schedule {
  readonly #plan: Plan;
  readonly #clock: Clock;
  readonly #issuer: Issuer;
  #zero = 0;
  #nextChain = 0;
  /** Chains that may still issue a request: scheduled, waiting, thinking or in flight. */
  #liveChains = 0;

  constructor(plan: Plan, clock: Clock, issuer: Issuer) {
    this.#plan = plan;
    this.#clock = clock;
    this.#issuer = issuer;
  }

  /** Sets the start, and with it when the first request of every open chain is due. */
  setZero(zero: number): void {
    this.#zero = zero;
    if (this.#plan.users !== undefined) return;
    for (const { requests, at } of this.#plan.chains)
      if (requests[0] !== undefined) this.#issuer.due(requests[0], zero + at);
  }

  begin(): void {
    if (this.#plan.users === undefined) this.#pumpOpen();
    else for (let user = 0; user < this.#plan.users; user++) this.#nextUserChain(undefined);
  }

  /** True while the plan has requests that may still be issued. */
  get hasMore(): boolean {
    return this.#nextChain < this.#plan.chains.length || this.#liveChains > 0;
  }

  /** Whether a turn of a chain is followed by another. */
  continues(chain: Chain, turn: number): boolean {
    return turn + 1 < chain.requests.length && !this.#issuer.stopsIssuing();
  }

  nextTurn(chain: Chain, turn: number): void {
    this.#scheduleTurn(chain, turn, this.#clock.now() + this.#think(chain.requests[turn]!));
  }

  endChain(): void {
    this.#liveChains--;
    if (this.#plan.users !== undefined) this.#nextUserChain(this.#clock.now());
  }

  #pumpOpen(): void {
    for (;;) {
      const chain = this.#plan.chains[this.#nextChain];
      if (!chain || this.#issuer.stopsIssuing()) return;
      const due = this.#zero + chain.at;
      if (due > this.#clock.now()) {
        this.#issuer.later(due, () => this.#pumpOpen());
        return;
      }
      this.#nextChain++;
      this.#liveChains++;
      this.#issuer.offer(chain, 0);
    }
  }

  /** A closed-loop user takes up the next chain after thinking; the first one at once. */
  #nextUserChain(now: number | undefined): void {
    const chain = this.#plan.chains[this.#nextChain];
    if (!chain || this.#issuer.stopsIssuing()) return;
    this.#nextChain++;
    this.#liveChains++;
    this.#scheduleTurn(chain, 0, now === undefined ? this.#zero : now + this.#think(chain.requests[0]!));
  }

  #scheduleTurn(chain: Chain, turn: number, due: number): void {
    this.#issuer.later(due, () => {
      if (this.#issuer.stopsIssuing()) {
        this.#liveChains--;
        return;
      }
      this.#issuer.due(chain.requests[turn]!, due);
      this.#issuer.offer(chain, turn);
    });
  }

  #think(request: number): number {
    return this.#plan.think?.[request] ?? 0;
  }
}
