/** Waiting lines in closed form: Poisson arrivals at `rate`, a service of `service` seconds on average. */
import { InputError } from "../errors.ts";
import { exp, log1p } from "../numeric.ts";
import { checkOptions, optionsNamed } from "../options.ts";
import { percent } from "./rank.ts";
import { within } from "../within.ts";

export interface QueueInput {
  /** Arrivals per second. */
  rate: number;
  /** Mean seconds of service. */
  service: number;
}

/** Seconds. At or beyond full utilisation the line grows without end, and every time is Infinity. */
export interface QueueResult {
  /** Offered load per server; 1 and above is overload. */
  readonly utilisation: number;
  /** Mean time in line. */
  readonly wait: number;
  /** Mean time in line and in service. */
  readonly sojourn: number;
  /** q-th percentile of the sojourn time. */
  p(q: number): number;
}

/** The recursion visits each. */
const MOST_SERVERS = 1e6;
/** Per second, and seconds: within them no product overflows or vanishes. */
const MOST = 1e12;
const LEAST = 1e-12;

const oneServer = optionsNamed({ numbers: ["rate", "service"] });
const manyServers = optionsNamed({ numbers: ["rate", "service", "servers"] });
const stay = optionsNamed({ numbers: ["rate", "time"] });

/** Source: L. Kleinrock, Queueing Systems I, 1975; M/D/1 percentiles: G. Franx, Oper. Res. Lett. 29, 2001. */
export const queueing = {
  /** One server, exponential service. */
  mm1(o: QueueInput): QueueResult {
    checkOptions("mm1 options", o, oneServer);
    return queueing.erlangC({ ...o, servers: 1 });
  },

  /** One server, every service equally long. */
  md1(o: QueueInput): QueueResult {
    checkOptions("md1 options", o, oneServer);
    const { rate, service } = o;
    check(rate, service);
    const load = rate * service;
    if (load >= 1) return overload(load);
    const wait = (load * service) / (2 * (1 - load));
    const waitWithin = md1WaitWithin(load);
    return {
      utilisation: load,
      wait,
      sojourn: wait + service,
      p(q) {
        const share = percent(q);
        if (share <= 1 - load + 1e-12) return service;
        return service * (1 + quantile(waitWithin, share));
      },
    };
  },

  /** `servers` servers on one line, exponential service. */
  erlangC(o: QueueInput & { servers: number }): QueueResult {
    checkOptions("erlangC options", o, manyServers);
    const { rate, service, servers } = o;
    check(rate, service);
    if (!(Number.isInteger(servers) && within(servers, 1, MOST_SERVERS)))
      throw new InputError("servers", servers, `a whole number from 1 to ${MOST_SERVERS}`);
    const offered = rate * service;
    const load = offered / servers;
    if (load >= 1) return overload(load);
    const waits = erlangCProbability(offered, servers);
    // In units of one service: the wait, where there is one, is exponential with rate `drain`.
    const drain = servers - offered;
    const wait = (waits * service) / drain;
    const sojournWithin = (x: number): number => {
      const slow =
        Math.abs(drain - 1) < 1e-9 ? waits * x * exp(-x) : (waits * (exp(-x) - exp(-drain * x))) / (drain - 1);
      return 1 - exp(-x) - slow;
    };
    return {
      utilisation: load,
      wait,
      sojourn: wait + service,
      p: (q) =>
        servers === 1 ? (-log1p(-percent(q)) * service) / (1 - load) : service * quantile(sojournWithin, percent(q)),
    };
  },

  /** Little's law: the mean number present, for arrivals at `rate` that stay `time` seconds on average. */
  little(o: { rate: number; time: number }): number {
    checkOptions("little options", o, stay);
    const { rate, time } = o;
    checkRate(rate);
    if (!within(time, 0, MOST)) throw new InputError("time", time, `a number of seconds from 0 to ${MOST}`);
    return rate * time;
  },
};

function check(rate: number, service: number): void {
  checkRate(rate);
  if (!within(service, LEAST, MOST))
    throw new InputError("service", service, `a number of seconds from ${LEAST} to ${MOST}`);
}

function checkRate(rate: number): void {
  if (!within(rate, 0, MOST)) throw new InputError("rate", rate, `arrivals per second, from 0 to ${MOST}`);
}

function overload(utilisation: number): QueueResult {
  return {
    utilisation,
    wait: Infinity,
    sojourn: Infinity,
    p: (q) => (percent(q), Infinity),
  };
}

/** Probability that an arrival waits. Erlang B by its stable recursion, then C. */
function erlangCProbability(offered: number, servers: number): number {
  let blocked = 1;
  for (let k = 1; k <= servers; k++) blocked = (offered * blocked) / (k + offered * blocked);
  return blocked / (1 - (offered / servers) * (1 - blocked));
}

/** The x at which an increasing distribution function reaches `share`; Infinity for 1. */
function quantile(within: (x: number) => number, share: number): number {
  if (share >= 1) return Infinity;
  let high = 1;
  while (within(high) < share) high *= 2;
  let low = 0;
  for (let i = 0; i < 100 && high - low > 1e-12 * high; i++) {
    const middle = (low + high) / 2;
    if (within(middle) < share) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * P(wait ≤ x services) of M/D/1. Franx's form has only positive terms, so that it stays exact under high load, where
 * the textbook's alternating sum loses every digit.
 */
function md1WaitWithin(load: number): (x: number) => number {
  // Grown on demand: j in the system, at most m + 1 in the system, more than n Poisson arrivals during one service.
  const probability = [1 - load];
  const below: number[] = [];
  const more: number[] = [];
  let term = exp(-load);
  let upTo = term;
  const moreThan = (n: number): number => {
    while (more.length <= n) {
      more.push(Math.max(0, 1 - upTo));
      term *= load / more.length;
      upTo += term;
    }
    return more[n];
  };
  const atMost = (m: number): number => {
    while (below.length <= m) {
      const j = probability.length;
      let sum = probability[0] * moreThan(j - 1);
      for (let k = 1; k < j; k++) sum += probability[k] * moreThan(j - k);
      probability.push(sum / (1 - moreThan(0)));
      below.push((below.at(-1) ?? probability[0]) + probability[j]);
    }
    return below[m];
  };
  return (x) => {
    const k = Math.floor(x) + 1;
    const ahead = load * (k - x);
    let weight = exp(-ahead);
    let sum = 0;
    for (let j = 0; j < k; j++) {
      sum += atMost(k - j - 1) * weight;
      weight *= ahead / (j + 1);
    }
    return sum;
  };
}
