/** When requests arrive: constructors and seeded schedules. Rates are requests per second, times are seconds. */
import { InputError } from "../errors.ts";
import { checkOptions, optionsNamed } from "../options.ts";
import type { Random } from "../random.ts";
import type { Arrivals, Lengths } from "./types.ts";
import { above, within } from "../within.ts";
import { checkLengths } from "./lengths.ts";

function rate(field: string, value: number): number {
  if (!(above(value, 0) && value <= 1e6))
    throw new InputError(field, value, "a rate above 0, at most 1e6 requests per second");
  return value;
}

/** Independent arrivals: exponential gaps. */
export function poisson(ratePerSecond: number): Arrivals {
  return { kind: "poisson", rate: rate("poisson rate", ratePerSecond) };
}

/**
 * Gamma-distributed gaps. `burstiness` is the gamma shape, as in vLLM's `--burstiness` (benchmarks/serve.py): 1 is Poisson,
 * below 1 burstier, above 1 smoother.
 */
export function gamma(ratePerSecond: number, burstiness: number): Arrivals {
  if (!(above(burstiness, 0) && burstiness <= 1e4))
    throw new InputError("burstiness", burstiness, "above 0, at most 1e4");
  return { kind: "gamma", rate: rate("gamma rate", ratePerSecond), burstiness };
}

/** Equal gaps. */
export function constant(ratePerSecond: number): Arrivals {
  return { kind: "constant", rate: rate("constant rate", ratePerSecond) };
}

/** Poisson arrivals whose rate climbs in a straight line over `seconds`, then stays. */
export function ramp(from: number, to: number, seconds: number): Arrivals {
  if (!within(from, 0, 1e6)) throw new InputError("ramp from", from, "a rate from 0 to 1e6");
  rate("ramp to", to);
  if (!(above(seconds, 0) && seconds <= 1e9)) throw new InputError("ramp seconds", seconds, "above 0, at most 1e9");
  return { kind: "ramp", from, to, seconds };
}

/** Everything at time 0. */
export function burst(): Arrivals {
  return { kind: "burst" };
}

const closedOptions = optionsNamed({ others: ["thinkTime"] });

/** `users` who each wait for their answer, think, and ask again. */
export function closed(users: number, options: { thinkTime?: Lengths } = {}): Arrivals {
  if (!Number.isInteger(users) || users < 1 || users > 1e6) {
    throw new InputError("closed users", users, "a whole number from 1 to 1e6");
  }
  checkOptions("closed options", options, closedOptions);
  if (options.thinkTime !== undefined) checkLengths("closed thinkTime", options.thinkTime);
  return options.thinkTime ? { kind: "closed", users, thinkTime: options.thinkTime } : { kind: "closed", users };
}

/** Returns a function that gives the next arrival time; times never go down. */
export function arrivalTimes(arrivals: Arrivals, random: Random): () => number {
  let t = 0;
  switch (arrivals.kind) {
    case "poisson": {
      const gap = 1 / arrivals.rate;
      return () => (t += gap * random.exponential());
    }
    case "gamma": {
      const { burstiness } = arrivals;
      const scale = 1 / (arrivals.rate * burstiness);
      return () => (t += scale * random.gamma(burstiness));
    }
    case "constant": {
      const gap = 1 / arrivals.rate;
      let n = 0;
      return () => n++ * gap;
    }
    case "ramp": {
      // A unit-rate Poisson process, mapped through the inverse of the expected count ∫rate.
      const { from, to, seconds } = arrivals;
      const slope = (to - from) / seconds;
      const whole = ((from + to) / 2) * seconds;
      let expected = 0;
      return () => {
        expected += random.exponential();
        if (expected >= whole) return seconds + (expected - whole) / to;
        return slope === 0 ? expected / from : (2 * expected) / (from + Math.sqrt(from * from + 2 * slope * expected));
      };
    }
    case "burst":
      return () => 0;
    default:
      throw new InputError(
        "arrivals.kind",
        arrivals.kind,
        "poisson, gamma, constant, ramp, burst, closed, script or trace",
      );
  }
}
