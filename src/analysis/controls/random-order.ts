import { shuffle, type SeedKey } from "../../random/index.js";

/** 0 … count − 1 in random order. */
export function randomOrder(count: number, key: SeedKey): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  shuffle(key, order);
  return order;
}
