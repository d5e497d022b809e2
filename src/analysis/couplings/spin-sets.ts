import { DomainError } from "../../errors/index.js";

/** Sets of equally many spins, each of which names one product of the effective Hamiltonian. */
export interface SpinSets {
  /** Spins per set, 1 to 4: fields, pairs, triples, four-spin terms. */
  readonly order: number;
  /** members[s·order + k]: the k-th spin of set s; no spin twice in a set. */
  readonly members: Int32Array;
}

/** Most spins of a set whose coupling is expanded. */
const MOST_SPINS = 4;

export function setCount({ order, members }: SpinSets): number {
  return members.length / order;
}

/** DomainError unless every set has `order` different spins of 0 … spins − 1. */
export function requireSets(sets: SpinSets, spins: number): void {
  const { order, members } = sets;
  if (!(order >= 1 && order <= MOST_SPINS) || !Number.isInteger(setCount(sets))) {
    throw new DomainError(
      `${members.length} members of sets of ${order} spins: expected whole sets of 1 to ${MOST_SPINS} spins.`,
    );
  }
  for (let first = 0; first < members.length; first += order) {
    const set = members.subarray(first, first + order);
    if (new Set(set).size < order || set.some((spin) => spin < 0 || spin >= spins)) {
      throw new DomainError(
        `the set {${set.join(", ")}}: expected different numbers of spins from 0 to ${spins - 1}.`,
      );
    }
  }
}

/** Every spin alone. */
export function fieldSets(spins: number): SpinSets {
  return { order: 1, members: Int32Array.from({ length: spins }, (_, spin) => spin) };
}

/** Every pair j < k. */
export function allPairs(spins: number): SpinSets {
  const members = new Int32Array(spins * (spins - 1));
  let next = 0;
  for (let j = 0; j < spins; j++) {
    for (let k = j + 1; k < spins; k++) {
      members[next++] = j;
      members[next++] = k;
    }
  }
  return { order: 2, members };
}
