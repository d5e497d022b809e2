import { DomainError } from "../../errors/index.js";
import { popcount } from "../../kernels/bit-matrix.js";

/**
 * Every coupling of a Hamiltonian of n spins from the table of its 2^n values, −H(s) = Σ_A J_A Π_{i∈A} s_i, by the fast
 * Walsh–Hadamard transform: J_A = −2^{−n} Σ_s H(s) Π_{i∈A} s_i. Bit i of the number of a state is set if s_i = +1, bit i of the
 * number of a set A if it holds i; J_∅ is first. Cost n 2^n. DomainError unless the table has 2^n values.
 *
 * @param hamiltonians H of every state, in nats
 */
export function allCouplings(hamiltonians: Float64Array): Float64Array {
  const states = hamiltonians.length;
  if (states === 0 || (states & (states - 1)) !== 0) {
    throw new DomainError(`a table of ${states} values: expected one for each of 2^n states.`);
  }
  const out = hamiltonians.map((value) => -value / states);
  for (let stride = 1; stride < states; stride *= 2) {
    for (let first = 0; first < states; first += 2 * stride) {
      for (let k = first; k < first + stride; k++) {
        const [down, up] = [out[k], out[k + stride]];
        out[k] = up + down;
        out[k + stride] = up - down;
      }
    }
  }
  return out;
}

/**
 * Σ J_A² over the sets of k spins, entry k = 0 … n. Those of k ≥ 1 add up to the variance of H over all configurations
 * alike (Parseval).
 *
 * @param couplings J of every set, as `allCouplings` gives them
 */
export function squaresByOrder(couplings: Float64Array): Float64Array {
  const squares = new Float64Array(popcount(couplings.length - 1) + 1);
  couplings.forEach((value, set) => (squares[popcount(set)] += value * value));
  return squares;
}
