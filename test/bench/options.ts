import { parseArgs } from "node:util";
import type { Section } from "./section.js";
import { sections } from "./sections/index.js";

export const usage = `npm run bench -- [options]

  --rounds N      rounds of every comparison (default: 7)
  --only A,B      these sections only (see --list)
  --epochs N      epochs of the end-to-end run, at least 2 (default: 5); 200 are computed from them
  --full          run all 200 epochs (once, unless --rounds is given)
  --quick         2 rounds of little work, to test the bench itself; its figures mean nothing
  --out FILE      where to write (default: results/reference/bench.csv, or results/bench-partial.csv
                  with --only or --quick); the machine is described in FILE with -machine.json for .csv
  --list          name the sections
`;

/** What the bench was asked to do. */
export interface BenchOptions {
  readonly help: boolean;
  readonly list: boolean;
  readonly quick: boolean;
  readonly sections: readonly Section[];
  readonly rounds: number;
  readonly epochs: number;
  readonly longRounds: number;
  /** Relative to the working folder if given, else to the repository. */
  readonly out: string | null;
  readonly partial: boolean;
}

export function parseOptions(argv: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      rounds: { type: "string" },
      only: { type: "string" },
      epochs: { type: "string" },
      full: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      out: { type: "string" },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { quick, full, help, list } = values;
  const rounds = wholeNumber("rounds", values.rounds, quick ? 2 : 7);
  return {
    help,
    list,
    quick,
    rounds,
    sections: values.only === undefined ? sections : chosen(values.only),
    epochs: full ? 200 : wholeNumber("epochs", values.epochs, quick ? 2 : 5, 2),
    longRounds: full && values.rounds === undefined ? 1 : rounds,
    out: values.out ?? null,
    partial: quick || values.only !== undefined,
  };
}

function chosen(only: string): readonly Section[] {
  return only.split(",").map((name) => {
    const section = sections.find((candidate) => candidate.name === name.trim());
    if (section !== undefined) return section;
    throw new Error(
      `no section "${name}"; there are ${sections.map((candidate) => candidate.name).join(", ")}`,
    );
  });
}

function wholeNumber(name: string, text: string | undefined, otherwise: number, least = 1): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new Error(`--${name} ${text}: expected a whole number ≥ ${least}`);
  return value;
}
