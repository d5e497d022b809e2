import { type Claim, summaryNumber } from "../study.js";
import { hiddenUnits, latticeOf, listed, short } from "./final-metrics.js";
import { comparison, excessShare, haveConverged, LEAST_KL, type Pair, REACHED, reaches } from "./pairs.js";
import { given, type Holds, type Recorded, verdictOf } from "./verdicts.js";

/**
 * What `trace` comes to beside `kl`: Var_P(D) = 2 KL to leading order where D is nearly constant, but another function where
 * the layer is too small for that. With at least n/2 hidden units both fall to zero, where their ratio means nothing.
 */
export function traceClaims(pairs: readonly Pair[]): readonly Claim[] {
  const isSmall = ({ run }: Pair): boolean => 2 * hiddenUnits(run) < latticeOf(run).sites;
  const small = pairs.filter(isSmall);
  const large = pairs.filter((pair) => !isSmall(pair));
  return [reachedClaim(small), fallingClaim(small), bothVanishClaim(large)];
}

function reachedClaim(pairs: readonly Pair[]): Claim {
  return {
    claim:
      `\`trace\`, Var_P(D), reaches the KL of \`kl\` (within ${Math.round(100 * (REACHED - 1))} %), with fewer than n/2 hidden ` +
      "units: as many make KL = 0 possible, where a share of it means nothing",
    measured: listed(pairs, comparison),
    verdict: verdictOf(pairs.map(reaches)),
  };
}

/** Coupling by coupling, from each number of hidden units to the next. */
function fallingClaim(pairs: readonly Pair[]): Claim {
  const couplings = [...new Set(pairs.map(coupling))];
  const lines = couplings.map((value) =>
    pairs.filter((pair) => coupling(pair) === value).sort((a, b) => hiddenUnits(a.run) - hiddenUnits(b.run)),
  );
  const steps = lines.flatMap((line) =>
    line
      .slice(1)
      .map((pair, index): Holds =>
        given([convergedShare(line[index]), convergedShare(pair)], (a, b) => b < a),
      ),
  );
  return {
    claim:
      "the share by which the KL of `trace` ends above that of `kl` falls with the number of hidden units, as D becomes flatter",
    measured: listed(
      lines,
      (line) =>
        `K = ${short(coupling(line[0]))}: ${line.map((pair) => `m = ${hiddenUnits(pair.run)}: ${percent(excessShare(pair))}`).join(", ")}`,
    ),
    verdict: verdictOf(steps),
  };
}

function bothVanishClaim(pairs: readonly Pair[]): Claim {
  return {
    claim: `with n/2 hidden units or more \`trace\` and \`kl\` both bring KL below ${LEAST_KL} nats per spin`,
    measured: listed(pairs, comparison),
    verdict: verdictOf(
      pairs.map((pair) =>
        given([pair.run.final.klPerSpin, pair.kl.final.klPerSpin], (own, best) => {
          if (Math.max(own, best) <= LEAST_KL) return true;
          return haveConverged(pair) === true ? false : null;
        }),
      ),
    ),
  };
}

function coupling({ run }: Pair): number {
  return summaryNumber(run, "coupling");
}

function convergedShare(pair: Pair): Recorded {
  return haveConverged(pair) === true ? excessShare(pair) : null;
}

function percent(share: number | null): string {
  return share === null ? "unknown" : `${(100 * share).toFixed(1)} %`;
}
