import { DomainError } from "../errors/index.js";
import { boltzmannDistribution, exactRing } from "../ising/exact/index.js";
import { isingHamiltonian } from "../ising/hamiltonian.js";
import { chain } from "../ising/lattice.js";
import { type IsingModel, isingModel } from "../ising/model.js";
import { exp, log, log1p, logTwoCosh, sinh } from "../kernels/elementary.js";
import type { Kernels } from "../kernels/index.js";
import { effectiveHamiltonian, energy } from "../rbm/energy.js";
import { transposeRbm, visibleDistribution, visibleHamiltonians } from "../rbm/ensemble.js";
import type { Rbm } from "../rbm/parameters.js";

/** Above this the coupling left over by a finite copy weight, ≈ e^{−2M}(cosh 4K − 1)/2, is below 1e-17. */
const COPY_WEIGHT = 20;

/**
 * K' of every second spin of a ring of coupling K ≥ 0: tanh K' = tanh² K, K' = ½ ln cosh 2K (Mehta & Schwab 2014; Kadanoff).
 */
export function decimatedCoupling(coupling: number): number {
  const s = sinh(Math.min(coupling, 1));
  return coupling < 1 ? log1p(2 * s * s) / 2 : (logTwoCosh(2 * coupling) - Math.LN2) / 2;
}

/** One step of decimation as an RBM. */
export interface DecimationLayer {
  readonly rbm: Rbm;
  /** K of the ring of the visible spins. */
  readonly coupling: number;
  /** K' of the ring of the hidden spins. */
  readonly decimated: number;
  /** M, the weight between a hidden spin and the visible one it copies. */
  readonly copyWeight: number;
}

/**
 * Decimation of a ring as a stack of RBMs with N, N/2, N/4, … spins (Mehta & Schwab 2014, 1D). Hidden spin j copies visible spin
 * 2j with weight M and is joined to the two visible neighbours 2j ± 1 with weight K⁽ˡ⁾, the coupling of layer l by the
 * recursion tanh K⁽ˡ⁺¹⁾ = tanh² K⁽ˡ⁾:
 *   Σ_h e^{h(M v_2j + K(v_2j−1 + v_2j+1))} = e^{M + K v_2j (v_2j−1 + v_2j+1)} (1 + O(e^{−2M})).
 * Then e^{T_λ(v,h)} = Π_j e^M δ(h_j, v_2j) and P(h|v) = Π_j δ(h_j, v_2j), both up to e^{−2M+4K}; the visible spins are the ring of K⁽ˡ⁾ to
 * the same accuracy, and the hidden ones that of K⁽ˡ⁺¹⁾ exactly for any M. No finite M is exact: the visible neighbours of a hidden spin
 * are left with a coupling ≈ e^{−2M}(cosh 4K − 1)/2. M = 20 + 2K by default. DomainError unless N is a multiple of 2^layers and
 * N/2^layers ≥ 2.
 */
export function decimationStack(
  length: number,
  coupling: number,
  layers: number,
  copyWeight = COPY_WEIGHT + 2 * coupling,
): readonly DecimationLayer[] {
  isingModel(chain(length), coupling);
  const shortest = length / 2 ** layers;
  if (!Number.isInteger(layers) || layers < 1 || !Number.isInteger(shortest) || shortest < 2) {
    throw new DomainError(
      `${layers} decimations of ${length} spins: the length must be 2^layers times a whole number of at least 2.`,
    );
  }
  const stack: DecimationLayer[] = [];
  for (let k = coupling; stack.length < layers; k = decimatedCoupling(k)) {
    const rbm = decimationRbm(length / 2 ** stack.length, k, copyWeight);
    stack.push({ rbm, coupling: k, decimated: decimatedCoupling(k), copyWeight });
  }
  return stack;
}

function decimationRbm(length: number, coupling: number, copyWeight: number): Rbm {
  const hidden = length / 2;
  const weights = new Float64Array(length * hidden);
  for (let j = 0; j < hidden; j++) {
    weights[2 * j * hidden + j] = copyWeight;
    for (const neighbor of [2 * j + 1, 2 * j - 1 + length])
      weights[(neighbor % length) * hidden + j] += coupling;
  }
  return spinRbm(length, hidden, weights);
}

function spinRbm(visible: number, hidden: number, weights: Float64Array): Rbm {
  const [visibleBias, hiddenBias] = [new Float64Array(visible), new Float64Array(hidden)];
  return { units: "spin", visible, hidden, weights, visibleBias, hiddenBias };
}

/** T_λ(v, h) = H(v) − E(v, h): the transformation an RBM makes of a model (Liu eq. 10; Mehta & Schwab 2014). */
export function variationalTransformation(
  model: IsingModel,
  rbm: Rbm,
  visible: Int8Array,
  hidden: Int8Array,
): number {
  return isingHamiltonian(model, visible) - energy(rbm, visible, hidden);
}

/** P(h|v) = e^{T_λ(v,h)}/Tr_h e^{T_λ(v,h)} = e^{H_λ(v) − E(v,h)}. */
export function hiddenProbability(rbm: Rbm, visible: Int8Array, hidden: Int8Array): number {
  return exp(effectiveHamiltonian(rbm, visible) - energy(rbm, visible, hidden));
}

/** How far one step of decimation is from exact, all in nats. */
export interface DecimationResiduals {
  /** max_v |ln P_λ(v) − ln P(v)|, P the ring of N spins with coupling K. */
  readonly visible: number;
  /** max_h |ln P_λ(h) − ln P'(h)|, P' the ring of N/2 spins with coupling K'. */
  readonly hidden: number;
  /** |ln Z_λ − ln Z_N(K) − M N/2|. */
  readonly logPartition: number;
  /** |ln Z_N(K) − ln Z_{N/2}(K') − (N/2) ln(2√cosh 2K)|: the free energy is kept. */
  readonly freeEnergy: number;
}

/** Compare a step with the exact rings, by enumerating both layers. DomainError above 24 visible spins. */
export function decimationResiduals(layer: DecimationLayer, kernels: Kernels): DecimationResiduals {
  const { rbm, coupling, decimated, copyWeight } = layer;
  const [ring, decimatedRing] = [
    isingModel(chain(rbm.visible), coupling),
    isingModel(chain(rbm.hidden), decimated),
  ];
  const visible = marginal(rbm, kernels);
  const hidden = marginal(transposeRbm(rbm), kernels);
  const [exact, exactDecimated] = [exactRing(rbm.visible, coupling), exactRing(rbm.hidden, decimated)];
  const traced = rbm.hidden * (Math.LN2 + decimated);
  return {
    visible: largestDifference(visible.probabilities, boltzmannDistribution(ring)),
    hidden: largestDifference(hidden.probabilities, boltzmannDistribution(decimatedRing)),
    logPartition: Math.abs(visible.logPartition - exact.logPartition - rbm.hidden * copyWeight),
    freeEnergy: Math.abs(exact.logPartition - exactDecimated.logPartition - traced),
  };
}

function marginal(rbm: Rbm, kernels: Kernels): ReturnType<typeof visibleDistribution> {
  return visibleDistribution(visibleHamiltonians(rbm, kernels), kernels);
}

function largestDifference(p: Float64Array, q: Float64Array): number {
  return p.reduce((most, value, state) => Math.max(most, Math.abs(log(value) - log(q[state]))), 0);
}
