// Own weights: two hidden units of two weights each couple four 0/1 spins in pairs. Own data: a field fitted to them.
import { arrayView, exactLogPartition, expandClasses, fitCouplings, latticeClasses } from "rbm-rg";
import { openKernels, packSpins, readModel, receptiveFieldArrays, saveNpy } from "rbm-rg";

const kernels = openKernels();
// A row per hidden unit, as in scikit-learn and PyTorch.
saveNpy("components.npy", arrayView(Float64Array.of(2, 2, 0, 0, 0, 0, 2, 2), [2, 4]));
const [layer] = readModel("components.npy", { units: "binary", orientation: "hidden-visible" });
console.log("log-partition", exactLogPartition(layer, kernels));

const classes = latticeClasses([4], 1); // four spins on a ring: fields, nearest pairs, triples, all four
for (const { summary } of await expandClasses(layer, classes)) {
  console.log(summary.name, summary.coupling, summary.deviation); // of ±1 spins
}
const [fields] = receptiveFieldArrays([layer], [2, 2]); // shape (hidden, Lx, Ly)
console.log("field of unit 1", fields.get(1, 0, 0), fields.get(1, 1, 1));

const data = Int8Array.from({ length: 4000 }, (_, k) => (k % 8 < 6 ? 1 : 0)); // 1111 and 1100 in turn
const fit = fitCouplings(packSpins(arrayView(data, [1000, 4])), classes.slice(0, 1));
console.log("fitted field", fit.couplings[0].coupling, fit.converged);
kernels.close();
