import type { Command } from "commander";

/** One command: what the overview says of it, and how to load the rest. */
export interface CommandEntry {
  readonly name: string;
  /** Its arguments as the overview shows them. */
  readonly usage: string;
  readonly description: string;
  /** The function that gives a command its arguments, options and action. */
  load(): Promise<(command: Command) => void>;
}

/** Every command, in the order of the overview. Only those named on the command line are loaded. */
export const commands: readonly CommandEntry[] = [
  {
    name: "sample",
    usage: "[options]",
    description: "draw Ising configurations; temperatures take lists 2.0,2.3 and ranges 2.0:3.0:0.1",
    load: async () => (await import("./sample.js")).configureSample,
  },
  {
    name: "exact",
    usage: "[options]",
    description: "print what is known exactly: ln Z/N, E/N, C/N, moments, correlation length",
    load: async () => (await import("./exact.js")).configureExact,
  },
  {
    name: "train",
    usage: "[options]",
    description: "train an RBM or a stack on configurations, from a file or sampled inline",
    load: async () => (await import("./train.js")).configureTrain,
  },
  {
    name: "import",
    usage: "[options] <weights...>",
    description: "make a run folder of an RBM or stack that was trained elsewhere (.npz, .npy, .csv)",
    load: async () => (await import("./import.js")).configureImport,
  },
  {
    name: "export",
    usage: "[options] <run>",
    description: "write the weights of a run as .npz or .csv, in the units and sign another program wants",
    load: async () => (await import("./export.js")).configureExport,
  },
  {
    name: "report",
    usage: "[options] <runs...>",
    description: "(re)write tables and figures of finished or running runs",
    load: async () => (await import("./report.js")).configureReport,
  },
  {
    name: "evaluate",
    usage: "[options] <run>",
    description: "ln Z, KL, bounds and thermodynamics of a trained model, beside exact values",
    load: async () => (await import("./evaluate.js")).configureEvaluate,
  },
  {
    name: "collect",
    usage: "[options] <runs...>",
    description: "print one tidy CSV row per run on stdout",
    load: async () => (await import("./collect.js")).configureCollect,
  },
  {
    name: "fields",
    usage: "[options] <run>",
    description: "measure receptive fields: size, shape, decay, tiling, correlations, response",
    load: async () => (await import("./fields.js")).configureFields,
  },
  {
    name: "flow",
    usage: "[options] <run>",
    description: "where v → h → v′ and the layers take configurations of many temperatures, with nulls",
    load: async () => (await import("./flow.js")).configureFlow,
  },
  {
    name: "couplings",
    usage: "[options] <run>",
    description: "effective Hamiltonians of v and of h: fields, pairs by distance, triples, plaquettes",
    load: async () => (await import("./couplings.js")).configureCouplings,
  },
  {
    name: "mcrg",
    usage: "[options] [data...]",
    description: "Monte-Carlo renormalization: block spins, the linearised flow, y_T and y_H",
    load: async () => (await import("./mcrg.js")).configureMcrg,
  },
  {
    name: "kadanoff",
    usage: "[options]",
    description: "Kadanoff's variational renormalization: fixed points, exponents, flow, bounds on ln Z",
    load: async () => (await import("./kadanoff.js")).configureKadanoff,
  },
  {
    name: "pca",
    usage: "[options] <data>",
    description: "principal components of data as a momentum-shell RG: spectrum, fourth moments, coupling",
    load: async () => (await import("./pca.js")).configurePca,
  },
  {
    name: "fisher",
    usage: "[options] <runs...>",
    description: "Fisher matrices of trained models: spectra, effective dimension, stiff directions",
    load: async () => (await import("./fisher.js")).configureFisher,
  },
  {
    name: "inspect",
    usage: "[options] <path>",
    description: "say what a dataset, run or file is and what its columns mean",
    load: async () => (await import("./inspect.js")).configureInspect,
  },
  {
    name: "verify",
    usage: "[options] <paths...>",
    description: "check that the files of runs and datasets are those that were written",
    load: async () => (await import("./verify.js")).configureVerify,
  },
  {
    name: "config",
    usage: "<show|schema|diff>",
    description:
      "resolved configurations, where their values come from, how two differ, and their JSON Schema",
    load: async () => (await import("./config.js")).configureConfig,
  },
  {
    name: "sweep",
    usage: "<plan|run|task|list|status|collect|slurm> <config>",
    description: "run many variations of one configuration, here or on a cluster",
    load: async () => (await import("./sweep.js")).configureSweep,
  },
  {
    name: "reproduce",
    usage: "[options] <study>",
    description: "run a packaged study, such as mehta-schwab or burns, and draw its conclusions",
    load: async () => (await import("./reproduce.js")).loadReproduce(),
  },
  {
    name: "doctor",
    usage: "[options]",
    description:
      "say what this machine offers, what the program will use of it, and whether it computes right",
    load: async () => (await import("./doctor.js")).configureDoctor,
  },
  {
    name: "completion",
    usage: "[options] <shell>",
    description: "print a script that completes commands, flags and names in bash, zsh or fish",
    load: async () => (await import("./completion.js")).configureCompletion,
  },
];
