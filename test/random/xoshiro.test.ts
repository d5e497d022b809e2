import { describe, expect, it } from "vitest";
import { Xoshiro128 } from "../../src/random/index.js";

describe("xoshiro128++", () => {
  it("begins from the state 1, 2, 3, 4 as the authors' C program does", () => {
    const generator = new Xoshiro128([1, 2, 3, 4]);
    const words = Array.from({ length: 10 }, () => generator.nextBits() >>> 0);
    expect(words).toEqual([
      641, 1573767, 3222811527, 3517856514, 836907274, 4247214768, 3867114732, 1355841295, 495546011,
      621204420,
    ]);
  });

  it("goes on as in PHP's test suite: word 102,401", () => {
    const generator = new Xoshiro128([1, 2, 3, 4]);
    for (let n = 0; n < 102_400; n++) generator.nextBits();
    expect(generator.nextBits() >>> 0).toBe(0x2c873cfa);
  });

  it("never starts from the state that would stay zero", () => {
    const [zero, one] = [new Xoshiro128([0, 0, 0, 0]), new Xoshiro128([1, 0, 0, 0])];
    for (let n = 0; n < 10; n++) expect(zero.nextBits()).toBe(one.nextBits());
  });
});
