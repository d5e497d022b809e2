import { exp, log, sin, sinh, cosh, tanh } from "../../kernels/elementary.js";
import { DomainError } from "../../errors/index.js";
import { CRITICAL_COUPLING } from "../model.js";
import {
  addJets,
  divideJets,
  expJet,
  type Jet,
  log1pJet,
  multiplyJets,
  powJet,
  scaleJet,
  sqrtJet,
} from "./jet.js";

/**
 * The zero-field torus as four free-fermion determinants (Kaufman 1949; McCoy & Wu, ch. IV). With the weight x per bond
 * the even subgraphs of the Lx × Ly torus sum to ½(P₊₊ + P₊₋ + P₋₊ − P₋₋) where, over momenta k that are periodic (−) or
 * antiperiodic (+) along either axis,
 *
 *   P² = Π_k [(1+x²)² − 2x(1−x²)(cos kx + cos ky)].
 *
 * Above T_c x = tanh K (high-temperature expansion). Below, x = e^{−2K} (domain walls, whose winding must be even along
 * both axes: ¼(P₊₊ + P₊₋ + P₋₊ + P₋₋)). So x never exceeds its critical value √2 − 1, where P₋₋ has a simple zero.
 *
 * The product over ky is done in closed form: the pair e^{±γ} with λ = x(1−x²)e^γ gives λ^{Ly/2}(1 ± e^{−Ly γ}). Writing
 * λ = |1 − x e^{iq}|² + g and using Π_q |1 − x e^{iq}|² = (1 ± x^{Lx})² removes the terms that cancel in the sum over q:
 * what is left, g = O(x⁴), has no cancellation, so that nothing is lost for x → 0 (K → 0 and K → ∞).
 */
export interface ExpansionVariable {
  /** x = tanh K for K ≤ K_c, e^{−2K} above: 0 ≤ x ≤ √2 − 1. */
  readonly x: number;
  /** 1 − 2x − x² ≥ 0, accurate also where it vanishes: at CRITICAL_COUPLING, taken as exactly critical. */
  readonly gap: number;
  readonly ordered: boolean;
}

/** ln P of each spin structure with derivatives in x; P₋₋ = zeroMode · e^{periodic}, where only zeroMode vanishes. */
export interface SpinStructures {
  readonly antiperiodic: Jet;
  /** Periodic along the first (momentum) axis only. */
  readonly periodicFirst: Jet;
  readonly periodicSecond: Jet;
  readonly periodic: Jet;
  /** 1 − e^{−Ly γ} at q = 0. */
  readonly zeroMode: Jet;
}

export function expansionVariable(coupling: number): ExpansionVariable {
  if (!Number.isFinite(coupling) || coupling < 0) {
    throw new DomainError(`coupling K = ${coupling}: the exact solutions need a finite number ≥ 0.`);
  }
  const ordered = coupling > CRITICAL_COUPLING;
  const x = ordered ? exp(-2 * coupling) : tanh(coupling);
  if (coupling > 1) return { x, gap: 1 - 2 * x - x * x, ordered };
  const distance = coupling - CRITICAL_COUPLING;
  const excess = 2 * sinh(distance) * sinh(distance) + Math.SQRT2 * sinh(2 * distance); // sinh 2K − 1
  return { x, gap: ordered ? 2 * x * excess : -excess / (cosh(coupling) * cosh(coupling)), ordered };
}

/** Jets at one momentum q: ln(λ/|1 − x e^{iq}|²) ≥ 0 and e^{−γ} ≤ 1. `versine` is 1 − cos q. */
export function rowFactor(variable: ExpansionVariable, versine: number): { excess: Jet; decay: Jet } {
  const { x, gap } = variable;
  const squareSine = versine * (2 - versine);
  const onePlusSquare: Jet = [1 + x * x, 2 * x, 2];
  const d = multiplyJets(onePlusSquare, [gap + 2 * x * versine, -2 - 2 * x + 2 * versine, -2]);
  const chain: Jet = [(1 - x) * (1 - x) + 2 * x * versine, 2 * (x - 1 + versine), 2];
  const fourth = 8 * squareSine;
  const numerator: Jet = [fourth * x * x * x * x, 4 * fourth * x * x * x, 12 * fourth * x * x];
  // At q = 0 g vanishes identically, and d may vanish too.
  const g =
    squareSine === 0
      ? scaleJet(d, 0)
      : divideJets(numerator, addJets(d, sqrtJet(addJets(multiplyJets(d, d), scaleJet(numerator, 2)))));
  const pairWeight: Jet = [x * (1 - x) * (1 + x), 1 - 3 * x * x, -6 * x];
  return {
    excess: log1pJet(divideJets(g, chain)),
    decay: divideJets(pairWeight, addJets(chain, g)),
  };
}

/** The four ln P of the torus with `width` momenta q and the product over `height` done in closed form. */
export function spinStructures(variable: ExpansionVariable, width: number, height: number): SpinStructures {
  const anti = momentumSums(variable, width, height, 0.5);
  const periodic = momentumSums(variable, width, height, 0);
  const zeroMode = addJets([1, 0, 0], scaleJet(powJet(rowFactor(variable, 0).decay, height), -1));
  return {
    antiperiodic: anti.plus,
    periodicFirst: periodic.plus,
    periodicSecond: anti.minus,
    periodic: periodic.minus,
    zeroMode,
  };
}

/** Σ_q over momenta 2π(j + offset)/width; `minus` leaves out the factor of q = 0, which may vanish. */
function momentumSums(variable: ExpansionVariable, width: number, height: number, offset: number) {
  const winding = scaleJet(powJet([variable.x, 1, 0], width), offset === 0 ? -1 : 1);
  let plus = scaleJet(log1pJet(winding), height);
  let minus = plus;
  for (let j = 0; j < width; j++) {
    const half = sin((Math.PI * (j + offset)) / width);
    const { excess, decay } = rowFactor(variable, 2 * half * half);
    const bulk = scaleJet(excess, height / 2);
    const wrap = powJet(decay, height);
    plus = addJets(plus, bulk, log1pJet(wrap));
    minus = addJets(minus, bulk, j + offset === 0 ? [0, 0, 0] : log1pJet(scaleJet(wrap, -1)));
  }
  return { plus, minus };
}

/**
 * ln of the sum over even subgraphs (disordered) or over domain walls (ordered, with the 2 of the global flip), with its
 * derivatives in x.
 */
export function logSubgraphSum(variable: ExpansionVariable, structures: SpinStructures): Jet {
  const { antiperiodic, periodicFirst, periodicSecond, periodic, zeroMode } = structures;
  const relative = (f: Jet): Jet => expJet(addJets(f, scaleJet(antiperiodic, -1)));
  const last = multiplyJets(zeroMode, relative(periodic));
  const sum = addJets(
    relative(periodicFirst),
    relative(periodicSecond),
    scaleJet(last, variable.ordered ? 1 : -1),
  );
  const logHalf: Jet = [-log(2), 0, 0];
  return addJets(antiperiodic, log1pJet(sum), logHalf);
}
