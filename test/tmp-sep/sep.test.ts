import { it } from "vitest";
import { allPairs, fitCouplings, latticeClasses, unplacedClasses } from "/work/main/src/analysis/couplings/index.js";
import { bitMatrix, setBit } from "/work/main/src/kernels/index.js";
import { RandomStream, seedKey } from "/work/main/src/random/index.js";
it("x", () => {
  const show = (n: string, f: any) => console.log(n, f.converged, f.logLikelihood, f.couplings.map((c: any) => `${c.name} ${c.coupling.toFixed(3)}(${c.error.toExponential(2)})${c.determined === false ? "!" : ""}`).join("; "));
  const s = new RandomStream(seedKey("a"));
  const make = (rows: number, cols: number, f: (r: number[]) => void) => { const m = bitMatrix(rows, cols); for (let r = 0; r < rows; r++) { const v = Array.from({length: cols}, () => s.nextUniform() < 0.6 ? 1 : 0); f(v); v.forEach((b, i) => setBit(m, r, i, b as 0|1)); } return m; };
  show("const", fitCouplings(make(20, 4, (v) => v.fill(1)), latticeClasses([4], 1).slice(0, 2)));
  show("constfield", fitCouplings(make(20, 4, (v) => v.fill(1)), latticeClasses([4], 1).slice(0, 1)));
  show("pair23", fitCouplings(make(400, 5, (v) => { v[3] = 1 - v[2]; }), unplacedClasses(5, allPairs(5), true)));
  show("one const spin", fitCouplings(make(400, 5, (v) => { v[3] = 1; }), unplacedClasses(5, allPairs(5), true)));
  show("rare", fitCouplings(make(400, 5, (v) => { if (s.nextUniform() < 0.995) v[3] = 1-v[2]; }), unplacedClasses(5, allPairs(5), true)));
  show("5rows", fitCouplings(make(5, 5, () => {}), unplacedClasses(5, allPairs(5), true)));
  show("5rows latt", fitCouplings(make(5, 16, () => {}), latticeClasses([4,4], 1)));
  show("30rows", fitCouplings(make(30, 5, () => {}), unplacedClasses(5, allPairs(5), true)));
});
