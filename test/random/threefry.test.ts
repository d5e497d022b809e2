import { describe, expect, it } from "vitest";
import { threefry2x32 } from "../../src/random/threefry.js";

/** Threefry-2x32, 20 rounds, from the known-answer file `kat_vectors` of Random123. */
const knownAnswers = [
  { counter: [0, 0], key: [0, 0], block: [0x6b200159, 0x99ba4efe] },
  { counter: [0xffffffff, 0xffffffff], key: [0xffffffff, 0xffffffff], block: [0x1cb996fc, 0xbb002be7] },
  { counter: [0x243f6a88, 0x85a308d3], key: [0x13198a2e, 0x03707344], block: [0xc4923a9c, 0x483df7a0] },
] as const;

describe("Threefry-2x32-20", () => {
  it.each(knownAnswers)("encrypts $counter under $key as published", ({ counter, key, block }) => {
    const out = new Uint32Array(2);
    threefry2x32(key[0], key[1], counter[0], counter[1], out);
    expect([...out]).toEqual([...block]);
  });
});
