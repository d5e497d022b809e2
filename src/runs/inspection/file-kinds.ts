/** A kind of file that the program writes. */
export interface FileKind {
  /** What the end of its path looks like: the name, or folder and name. */
  readonly path: RegExp;
  readonly meaning: string;
  /** Which table it is, for columns that mean something else elsewhere. */
  readonly table?: string;
}

const kind = (path: RegExp, meaning: string, table?: string): FileKind =>
  table === undefined ? { path, meaning } : { path, meaning, table };

/** Every file by its path, the more special first. A new file of the program is a line here. */
const kinds: readonly FileKind[] = [
  kind(
    /\.(tmp|part|stale)$/,
    "What a process left behind that was killed while it wrote; the next one that writes there removes it. You may, too.",
  ),
  kind(
    /\/configurations\.npy$/,
    "Configurations ±1, int8, shape (samples, Lx, Ly) or (samples, N); of a dataset row = round · chains + chain.",
  ),
  kind(/\/observables\.csv$/, "Observables of a dataset, per site, beside their exact values."),
  kind(/\/metrics\.csv$/, "One row per layer and epoch of a training. Empty = not defined or not known."),
  kind(
    /\/weights-\d+\.csv$/,
    "Weights of a layer: a row per visible unit (site, x, y, its bias), a column per hidden unit. E = −c·v − b·h − vᵀWh: positive is ferromagnetic.",
  ),
  kind(
    /\/weights-\d+\.npy$/,
    "Weights W of a layer, float32, shape (visible, hidden). E = −c·v − b·h − vᵀWh.",
  ),
  kind(
    /\/(hidden|visible)-bias-\d+\.(csv|npy)$/,
    "Biases of a layer (b hidden, c visible) of E = −c·v − b·h − vᵀWh.",
  ),
  kind(
    /\/receptive_fields\.csv$/,
    "One row per layer and hidden unit: place, size and shape of its receptive field, and the block of spins it follows best.",
  ),
  kind(
    /\/receptive-fields-\d+\.csv$/,
    "Receptive fields of a layer on the lattice (products of weights): a row per site, a column per unit; the data of the mosaic.",
  ),
  kind(/\/losses\.csv$/, "The data of the training curves."),
  kind(
    /(\/effective-hamiltonian|figures\/couplings)\.csv$/,
    "Effective Hamiltonians of the visible and the hidden spins of a layer: a row per class of products and method.",
    "effective-hamiltonian",
  ),
  kind(/figures\/[^/]+\.csv$/, "The data behind the figure of the same name."),
  kind(
    /(figures\/[^/]+|\/losses|\/receptive-fields-\d+)\.(svg|png)$/,
    "A figure; the CSV file of the same name holds the data behind it.",
  ),
  kind(
    /\/report\.html$/,
    "Tables and figures of a run or study on one page, for a browser; it needs no other file.",
  ),
  kind(
    /\/summary\.csv$/,
    "One row: the run's main settings and final figures; rbm-rg collect joins these.",
    "summary",
  ),
  kind(
    /\/evaluation\.csv$/,
    "The first layer of a run as a model: ln Z, free energies, divergences and thermodynamics beside exact values.",
    "evaluation",
  ),
  kind(
    /\/fields\.csv$/,
    "What each layer of a run looks like: medians over its units with intervals, tiling, and what chance gives.",
    "fields",
  ),
  kind(
    /\/fields-controls\.csv$/,
    "The receptive fields of each layer as trained, and as every control of the weights makes them.",
    "fields",
  ),
  kind(
    /figures\/tiling\.csv$/,
    "One row per layer and hidden unit, as in receptive_fields.csv: the data of the centre map.",
  ),
  kind(
    /figures\/reconstructions\.csv$/,
    "A few configurations and their reconstructions, a row per site; the data of the figure.",
  ),
  kind(
    /\/reconstructions\.csv$/,
    "Configurations passed up to each layer and down again, beside what they were: one row per depth.",
    "reconstructions",
  ),
  kind(
    /\/strongest-pairs\.csv$/,
    "The pairs of visible and of hidden spins with the largest couplings, by the expansion.",
    "strongest-pairs",
  ),
  kind(
    /\/venn-diagram\.csv$/,
    "Liu's Venn diagram as a table: the trained layer, and transformations whose place in it is known.",
    "venn-diagram",
  ),
  kind(
    /\/exponents\.csv$/,
    "Monte-Carlo renormalization: eigenvalues and exponents of every step.",
    "exponents",
  ),
  kind(
    /\/couplings\.csv$/,
    "Monte-Carlo renormalization: means of products of spins at every level.",
    "couplings",
  ),
  kind(
    /\/filter\.csv$/,
    "Monte-Carlo renormalization: the weights of the block rule's filter as they lie, a row for each x; --filter reads it.",
  ),
  kind(/\/matrices\.csv$/, "Monte-Carlo renormalization: T = ∂K′/∂K of every step.", "matrices"),
  kind(
    /\/fixed-points\.csv$/,
    "Kadanoff's renormalization group: fixed points and exponents.",
    "fixed-points",
  ),
  kind(/\/free-energy\.csv$/, "Kadanoff's renormalization group: bounds on ln Z per site.", "free-energy"),
  kind(/\/flow\.csv$/, "Kadanoff's renormalization group: couplings step by step.", "flow"),
  kind(
    /\/(flow-)?verdicts\.csv$/,
    "Flows of a trained machine and its nulls: where they go, by every thermometer, and whether the ends are Ising states.",
    "flow-verdicts",
  ),
  kind(
    /\/(flow-)?thermometers\.csv$/,
    "Flows of a trained machine and its nulls: what every thermometer says after each step.",
    "flow-thermometers",
  ),
  kind(
    /\/(flow-)?states\.csv$/,
    "Flows of a trained machine and its nulls: the residual test “is this an Ising state at any T?” after each step.",
    "flow-states",
  ),
  kind(
    /\/(flow-)?layouts\.csv$/,
    "Hidden units on the grid that their receptive fields fit best.",
    "flow-layouts",
  ),
  kind(/\/pca\.csv$/, "Principal components: one row per figure of the analysis.", "pca"),
  kind(/\/fisher\.csv$/, "Fisher information: one row per figure of the analysis.", "fisher"),
  kind(/\/SUMMARY\.md$/, "A study on one page: its question, every claim with its verdict, and its figures."),
  kind(/tables\/layers\.csv$/, "The layers of the main run of a study, a row each.", "fields"),
  kind(
    /tables\/sizes\.csv$/,
    "The size of the receptive fields of the first layer against temperature and compression, a row per run.",
    "sizes",
  ),
  kind(
    /tables\/size-exponents\.csv$/,
    "The law R ∝ ξ^a α^(−b/2) fitted to the sizes of receptive fields.",
    "size-exponents",
  ),
  kind(/tables\/[^/]+\.csv$/, "A table of a study, made of its runs."),
  kind(/\/claims\.csv$/, "Claims of a study, what was measured, and the verdict."),
  kind(/\/config\.yaml$/, "The resolved configuration of a run; rbm-rg train --config reads it back."),
  kind(
    /\/[ab]\.checkpoint$/,
    "The state of a run in training; it goes on from the newest whole one when the same command is given again.",
  ),
  kind(
    /sampling\.checkpoint$/,
    "The state of chains in sampling; it goes on from there when the same command is given again.",
  ),
  kind(
    /\/manifest\.json$/,
    "What was made, from what, with what, when, and the sha256 of every output; rbm-rg verify compares.",
  ),
  kind(/\/\.lock$/, "Names the process that writes this run folder; others are refused while it lives."),
  kind(
    /\/plan\.json$/,
    "The frozen plan of a sweep: what all tasks have in common, then a task a line. rbm-rg sweep list and status read it.",
  ),
  kind(/tasks\/[0-9a-f]+\.yaml$/, "The configuration a task of a sweep is trained with."),
  kind(
    /data\/[0-9a-f]+\.yaml$/,
    "The configuration that the shared dataset of the same name was sampled with.",
  ),
  kind(/logs\/data-[0-9a-f]+\.log$/, "What the sampling of a shared dataset printed, start after start."),
  kind(
    /logs\/[^/]+\.log$/,
    "What a task of a sweep printed, start after start; each begins with # and its command.",
  ),
  kind(
    /failures\/[0-9a-f]+\.json$/,
    "Why a task of a sweep failed; it is removed when the task is run again.",
  ),
  kind(/locks\/plan\.lock$/, "Names the process that is planning the sweep."),
  kind(
    /locks\/data-[0-9a-f]+\.lock$/,
    "Names the process that samples this shared dataset; others wait for it.",
  ),
  kind(/locks\/[^/]+\.lock$/, "Names the process that runs this task of the sweep."),
  kind(/slurm\/array\.sh$/, "Batch script of a SLURM array, a task of the sweep or several in each element."),
  kind(/slurm\/collect\.sh$/, "Batch script that gathers a sweep's results once its array has ended."),
  kind(/slurm\/task-[^/]+\.log$/, "What an element of the SLURM array printed."),
  kind(/slurm\/collect-[^/]+\.log$/, "What the SLURM job printed that gathers the results."),
  kind(/slurm\/results\.csv$/, "The finished runs of a sweep, a row each, the varied keys first.", "summary"),
  kind(/\/bench\.csv$/, "Times and rates of this program beside others, made by npm run bench.", "bench"),
  kind(/\/bench-machine\.json$/, "The machine and the programs that a benchmark was made with."),
];

/** What a file is by its path; null if it is none of ours, as far as the path tells. */
export function fileKind(folder: string, name: string): FileKind | null {
  const path = `${folder}/${name}`;
  return kinds.find((entry) => entry.path.test(path)) ?? null;
}
