import { type CouplingOperator, couplingOperator } from "./coupling-operator.js";

/**
 * Even interactions, the most important first (as in Swendsen, Phys. Rev. B 20, 2080 (1979)); tables of exponents show
 * what the first 1, 2, … of them give. A new one is a line here.
 */
export const evenCouplings: readonly CouplingOperator[] = [
  couplingOperator("nearest", [
    [0, 0],
    [1, 0],
  ]),
  couplingOperator("diagonal", [
    [0, 0],
    [1, 1],
  ]),
  couplingOperator("plaquette", [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ]),
  couplingOperator("third", [
    [0, 0],
    [2, 0],
  ]),
  couplingOperator("knight", [
    [0, 0],
    [2, 1],
  ]),
  couplingOperator("double-diagonal", [
    [0, 0],
    [2, 2],
  ]),
  couplingOperator("diamond", [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ]),
];

/** Odd interactions, the most important first. */
export const oddCouplings: readonly CouplingOperator[] = [
  couplingOperator("magnetization", [[0, 0]]),
  couplingOperator("corner", [
    [0, 0],
    [1, 0],
    [0, 1],
  ]),
  couplingOperator("line", [
    [0, 0],
    [1, 0],
    [2, 0],
  ]),
  couplingOperator("wedge", [
    [0, 0],
    [1, 1],
    [2, 0],
  ]),
];
