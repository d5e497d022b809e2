import { join } from "node:path";
import { expect, it } from "vitest";
import { makeEnvironment } from "../../src/experiment/default-environment.js";
import { runExperiment } from "../../src/experiment/run-experiment.js";
import { referenceKernels } from "../../src/kernels/index.js";
import { readManifest, resolveConfig } from "../../src/runs/index.js";
import { readTrainedLayers } from "../../src/runs/trained-layer.js";
import { temporaryFolder } from "../io/temporary.js";

it("a whole experiment runs in the default environment, and its progress is told where it is asked for", async () => {
  const config = resolveConfig({
    sample: { lattice: "2x3", coupling: 0.3, samples: 64 },
    model: { hidden: 2 },
    train: { epochs: 1 },
  });
  const run = join(temporaryFolder(), "run");
  const phases: string[] = [];
  const nothing = (): void => undefined;
  const progress = {
    start: (phase: string) => phases.push(phase),
    update: nothing,
    finish: nothing,
    note: nothing,
  };
  const environment = makeEnvironment({ kernels: referenceKernels, progress });
  expect((await runExperiment(config, run, environment)).kind).toBe("finished");
  expect(phases).toContain("training layer 1 of 1");
  expect(readTrainedLayers(run).layers[0]).toMatchObject({ visible: 6, hidden: 2 });
  expect(readManifest(run).status).toBe("finished");
  expect((await runExperiment(config, run, environment)).kind).toBe("already-finished");
});
