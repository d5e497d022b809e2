import { copyFigure } from "./copy-figure.js";
import { type Claim, type Study, type StudyRun, summaryNumber } from "./study.js";

/** Share of localised units above which a layer counts as block spins. */
const BLOCK_SHARE = 0.9;

/** Overlap with a block majority above which a local unit is called a block spin; correlations alone give an extended unit
 * less, 0.67 after one epoch without penalty. */
const MAJORITY_OVERLAP = 0.75;

/** |z| above which a sampled value contradicts the exact one. */
const Z_LIMIT = 4;

/**
 * Mehta & Schwab 2014: train a stack of RBMs on near-critical Ising configurations and look at the receptive fields.
 * Standard: the block-spin setting (±1 units, no biases, L1 0.01). Paper: as printed (0/1 units, 200 epochs, L1 2e-4).
 */
export const mehtaSchwab: Study = {
  name: "mehta-schwab",
  question: "do stacked RBMs trained on the 2D Ising model learn block spins?",
  conclude({ runs: [run], folder }) {
    const layers = run.config.hidden.length;
    const mosaics = Array.from({ length: layers }, (_, index) => `receptive-fields-${index + 1}`);
    const figures = [...mosaics, "losses"].map((name) => copyFigure(run, folder, name));
    return Promise.resolve({ claims: judge(run, layers), highlights: [figures[0], figures.at(-1)!] });
  },
};

function judge(run: StudyRun, layers: number): readonly Claim[] {
  const value = (name: string): number => summaryNumber(run, name);
  const short = (x: number): string => (Number.isFinite(x) ? String(Number(x.toPrecision(4))) : "unknown");
  const z = (value("energy") - value("energy_exact")) / value("energy_error");
  const share = value("localized_fraction_1");
  const radii = Array.from({ length: layers }, (_, index) => value(`radius_of_gyration_${index + 1}`));
  const growing = radii.every((radius, index) => index === 0 || radius > radii[index - 1]);
  return [
    {
      claim:
        "the samples are Ising configurations at this temperature (energy per site against the exact value)",
      measured: `E/N = ${short(value("energy"))} ± ${short(value("energy_error"))}, exact ${short(value("energy_exact"))}, z = ${short(z)}`,
      verdict: Number.isNaN(z) ? "undecided" : Math.abs(z) < Z_LIMIT ? "yes" : "no",
    },
    {
      claim:
        "layer-1 units are local blocks (participation ratio < 30 sites and radius of gyration < 4 sites)",
      measured: `${short(100 * share)} % of units; median PR ${short(value("participation_ratio_1"))} sites, median radius ${short(value("radius_of_gyration_1"))} sites`,
      verdict: share >= BLOCK_SHARE ? "yes" : "no",
    },
    {
      claim: `layer-1 units follow the majority of a block of spins (local, and median overlap > ${MAJORITY_OVERLAP})`,
      measured: `median best block ${short(value("block_size_1"))} sites wide, overlap |⟨h · majority⟩| = ${short(value("block_overlap_1"))}, sign coherence ${short(value("sign_coherence_1"))}`,
      verdict: share >= BLOCK_SHARE && value("block_overlap_1") > MAJORITY_OVERLAP ? "yes" : "no",
    },
    {
      claim: "receptive fields grow with depth",
      measured: `median radius of gyration by layer: ${radii.map(short).join(", ")} sites`,
      verdict: layers < 2 ? "undecided" : growing ? "yes" : "no",
    },
  ];
}
