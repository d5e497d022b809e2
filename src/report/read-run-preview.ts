import { receptiveFields } from "../analysis/weight-product.js";
import { parseLattice } from "../ising/lattice.js";
import { pathStatus } from "../io/index.js";
import type { ExperimentConfig } from "../runs/config/index.js";
import { readControlledLayers } from "../runs/controlled-layers.js";
import { readMetrics } from "../runs/metrics-table.js";
import { requireIntactInputs } from "../runs/run-inputs.js";
import { runLayout } from "../runs/run-layout.js";
import { manifestConfig, readManifest, type RunManifest } from "../runs/run-manifest.js";
import { requireLayer } from "../runs/trained-layer.js";
import type { RunPreview } from "./terminal/run-preview.js";

/**
 * What there is to be seen of a run, finished or not: its losses so far and the fields of layer `shown`, counted from 1, once
 * that is trained. Reads neither the configurations nor writes anything. UsageError for a layer that the run is not to have;
 * MissingInputError or DataError if `run` is not a run, or its layers or metrics are not as they were written.
 */
export function readRunPreview(run: string, shown: number): RunPreview {
  const manifest = readManifest(run);
  const config = manifestConfig(manifest);
  const { hidden, training } = config;
  if (hidden.length > 0) requireLayer(run, shown, hidden.length);
  requireIntactInputs(run, manifest, "report");
  const metrics = pathStatus(runLayout.metrics(run)) === undefined ? [] : readMetrics(run);
  return {
    run,
    status: manifest.status,
    layers: hidden.map((units, index) => ({
      layer: index + 1,
      hidden: units,
      epochs: training.epochs,
      metrics: metrics.filter(({ layer }) => layer === index + 1),
    })),
    fields: fieldsOf(run, manifest, config, shown),
  };
}

function fieldsOf(
  run: string,
  { dataset }: RunManifest,
  config: ExperimentConfig,
  shown: number,
): RunPreview["fields"] {
  if (config.hidden.length === 0) return "no layers to train";
  const name = dataset?.lattice ?? null;
  const lattice = name === null ? null : parseLattice(name);
  const layers = readControlledLayers(run, config, lattice).slice(0, shown);
  if (layers.length < shown) return `layer ${shown} is not trained yet: no receptive fields`;
  if (lattice === null) {
    return "data without a lattice: receptive fields have no place (--lattice gives them one when the run is made)";
  }
  const values = receptiveFields(layers)[shown - 1];
  return { layer: shown, units: layers[shown - 1].hidden, values, shape: lattice.shape };
}
