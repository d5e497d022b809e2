// Sample the Ising model and hold every observable against its exact value.
import { compareWithExact, estimateObservables, exactReference, isingModel, measure } from "rbm-rg";
import { openKernels, sampleIsing, seedKey, spinArray, torus } from "rbm-rg";

const kernels = openKernels();
const model = isingModel(torus(16, 16), 0.4);
const { configurations, chains } = await sampleIsing(model, { samples: 4000 }, seedKey(1), kernels);
kernels.close();

const observables = estimateObservables(model, measure(model, configurations, chains));
for (const { name, value, error, exact, z } of compareWithExact(observables, exactReference(model))) {
  console.log(name, value, error, exact, z);
}

const spins = spinArray(configurations, [16, 16]); // ±1, shape (4000, 16, 16)
let corner = 0;
for (let sample = 0; sample < 4000; sample++) corner += spins.get(sample, 0, 0) * spins.get(sample, 0, 1);
console.log("bond", corner / 4000);
