import type { CommandNode, FlagNode } from "./command-tree.js";

/** The manual page of the program in roff (man macros), a section for each command. The same tree makes the same text. */
export function manPage(root: CommandNode, version: string): string {
  const lines = [
    `.TH RBM\\-RG 1 "" "rbm\\-rg ${roff(version)}" "User Commands"`,
    ".SH NAME",
    "rbm\\-rg \\- sample the Ising model, train restricted Boltzmann machines on it, measure what they learned",
    ".SH SYNOPSIS",
    ".B rbm\\-rg",
    ".I command",
    ".RI [ options ]",
    ".SH DESCRIPTION",
    "Every number is checked against an exact one where one exists. A command explains itself with \\fB\\-\\-help\\fR; the",
    "folders and files it writes are explained by \\fBrbm\\-rg inspect\\fR.",
    ".SH COMMANDS",
    ...root.subcommands.flatMap(commandLines),
    ".SH EXIT STATUS",
    ...exitCodes.flatMap(([code, meaning]) => [".TP", `.B ${code}`, roff(meaning)]),
    ".SH ENVIRONMENT",
    ".TP",
    ".B NO_COLOR",
    "No colours on the terminal.",
  ];
  return `${lines.join("\n")}\n`;
}

const exitCodes = [
  ["0", "done"],
  ["1", "failure"],
  ["2", "some tasks of a sweep failed"],
  ["64", "the command line makes no sense"],
  ["65", "bad data"],
  ["66", "no input"],
  ["73", "cannot write"],
  ["75", "stopped by a time limit or signal; the same command goes on"],
  ["78", "bad configuration"],
  ["130, 143", "stopped by Ctrl-C or SIGTERM, with a checkpoint"],
] as const;

function commandLines(node: CommandNode): readonly string[] {
  const examples = node.examples.replace(/^Examples:\n/, "");
  return [
    `.SS ${roff(["rbm-rg", ...node.path, node.usage].join(" "))}`,
    roff(`${node.description}.`),
    ...node.flags.flatMap(flagLines),
    ...(examples === ""
      ? []
      : [".PP", ".nf", ...examples.split("\n").map((line) => roff(line.trim())), ".fi"]),
    ...node.subcommands.flatMap(commandLines),
  ];
}

function flagLines({ shown, description }: FlagNode): readonly string[] {
  return [".TP", `\\fB${roff(shown)}\\fR`, roff(description)];
}

/** Text that roff takes for what it is: no escapes, no macros at the start of a line, hyphens that can be copied. */
function roff(text: string): string {
  const escaped = text.replaceAll("\\", "\\e").replaceAll("-", "\\-");
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}
