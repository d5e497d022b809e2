import { describe, expect, it } from "vitest";
import { receptiveFields } from "../../src/analysis/weight-product.js";
import { zeroRbm } from "../../src/rbm/parameters.js";

describe("receptive fields by weight product", () => {
  it("are the columns of W1 and of W1·W2", () => {
    const first = zeroRbm("spin", 3, 2);
    first.weights.set([1, 2, 3, 4, 5, 6]);
    const second = zeroRbm("spin", 2, 1);
    second.weights.set([10, -1]);
    const [one, two] = receptiveFields([first, second]);
    expect([...one]).toEqual([1, 3, 5, 2, 4, 6]);
    expect([...two]).toEqual([8, 26, 44]);
  });
});
