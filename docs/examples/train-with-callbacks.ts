// Train an RBM on 3×3 Ising configurations, watch the exact KL divergence, and stop once it is small.
import { assess, isingAssessmentTarget, isingModel, openKernels, sampleIsing } from "rbm-rg";
import { seedKey, torus, trainingOptions, trainStack } from "rbm-rg";

const kernels = openKernels();
const model = isingModel(torus(3, 3), 0.3);
const { configurations: rows } = await sampleIsing(model, { samples: 5000 }, seedKey(1), kernels);
const target = isingAssessmentTarget(model, rows); // by its 2⁹ states

let updates = 0;
const options = trainingOptions({ bias: false, estimator: "pcd", chains: 1000, epochs: 200 });
const [layer] = await trainStack({ rows }, [9], options, seedKey(2), kernels, {
  onUpdate(progress) {
    updates = progress.update;
  },
  onEpoch({ epoch, parameters, reconstructionError, stop }) {
    const { klPerSpin } = assess(parameters, target, null, kernels);
    console.log("epoch", epoch, klPerSpin, reconstructionError);
    if (klPerSpin !== null && klPerSpin < 0.002) stop();
  },
});

const { klPerSpin, freeEnergyGap, meanDData } = assess(layer, target, null, kernels);
console.log("trained", updates, klPerSpin, freeEnergyGap, meanDData);
console.log("weights", ...layer.weights); // visible × hidden
kernels.close();
