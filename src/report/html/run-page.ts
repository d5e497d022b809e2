import { readText, writeFileAtomic } from "../../io/index.js";
import {
  type ExperimentConfig,
  isFileSource,
  manifestConfig,
  readManifest,
  refreshManifest,
  runLayout,
  type RunManifest,
} from "../../runs/index.js";
import { commandBlock, csvTable, durationText, factsTable, figures, foldedText } from "./blocks.js";
import { htmlDocument, type PageSection } from "./page.js";

/** Tables of a run that its page shows, as far as they are there. */
const tables = [
  "summary.csv",
  "fields.csv",
  "fields-controls.csv",
  "reconstructions.csv",
  "evaluation.csv",
  "pca.csv",
  "fisher.csv",
  "venn-diagram.csv",
  "flow-verdicts.csv",
] as const;

/** Write report.html of a run: everything that was found, on one page without other files. Its duration is that of the phases but the report. */
export function writeRunPage(run: string): void {
  const manifest = readManifest(run);
  const config = manifestConfig(manifest);
  const page = {
    title: config.name,
    lead: leadOf(config, manifest),
    sections: sectionsOf(run, manifest, config),
  };
  writeFileAtomic(runLayout.page(run), htmlDocument(page));
  refreshManifest(run, ["report.html"]);
}

function leadOf({ data, hidden, training }: ExperimentConfig, { imported }: RunManifest): string {
  const source = isFileSource(data)
    ? `configurations of ${data.path}`
    : `${data.samples} configurations of ${data.lattice} spins at K = ${Number(data.coupling.toPrecision(6))}` +
      (data.control === undefined ? "" : ` (control ${data.control})`);
  if (hidden.length === 0) return `${source}, no layers`;
  const machine = `RBM with ${hidden.join(", ")} hidden units (${training.units})`;
  if (imported !== undefined) {
    return `${machine}, trained elsewhere (${imported.files.map(({ path }) => path).join(", ")}), beside ${source}`;
  }
  return `${machine} on ${source}, objective ${training.objective}`;
}

function sectionsOf(run: string, manifest: RunManifest, config: ExperimentConfig): readonly PageSection[] {
  const shown = tables.map((name) => csvTable(run, name)).filter((html) => html !== "");
  const data = csvTable(runLayout.dataset(run), "observables.csv");
  return [
    { title: "What was run", html: factsTable(factsOf(manifest, config)) },
    { title: "How to reproduce it", html: reproduction(run, manifest) },
    { title: "Figures", html: figures(run) },
    ...(data === "" ? [] : [{ title: "The data", html: data }]),
    { title: "Tables", html: shown.join("\n") },
  ].filter(({ html }) => html !== "");
}

function factsOf(manifest: RunManifest, { seed }: ExperimentConfig): readonly (readonly [string, string])[] {
  const phases = manifest.timings.filter(({ phase }) => phase !== "report");
  const total = phases.reduce((sum, { seconds }) => sum + seconds, 0);
  const { provenance } = manifest;
  const listed = phases.map(({ phase, seconds }) => `${phase} ${durationText(seconds)}`).join(", ");
  return [
    ["version", `rbm-rg ${manifest.version}`],
    ["seed", seed],
    ["started", manifest.started],
    ["duration", `${durationText(total)} (${listed})`],
    ["kernels", manifest.kernels],
    ...(provenance === undefined
      ? []
      : ([
          ["machine", `${provenance.platform.cpu ?? "unknown processor"}, ${provenance.threads} threads`],
          ["commit", provenance.git === null ? "unknown" : provenance.git.commit],
        ] as const)),
    ["data", manifest.dataset === null ? "none" : `sha256 ${manifest.dataset.sha256}`],
  ];
}

/** The command as it was given, and the configuration that does the same anywhere. */
function reproduction(run: string, { provenance, imported }: RunManifest): string {
  const given = provenance === undefined ? "" : commandBlock(["rbm-rg", ...provenance.command]);
  if (imported !== undefined) return given;
  const again = commandBlock(["rbm-rg", "train", "--config", "config.yaml", "-o", "again"]);
  const config = foldedText("config.yaml", readText(runLayout.config(run)));
  return `${given}<p>or, from the resolved configuration:</p>${again}${config}`;
}
