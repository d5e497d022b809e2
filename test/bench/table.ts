import type { Row } from "./comparison.js";
import type { Spread } from "./quantity.js";
import { reaches, targetText } from "./target.js";

const SUBJECT_WIDTH = 42;

/** The rows of one comparison as lines to read. */
export function tableText(rows: readonly Row[]): string {
  const [{ section, name, threads, quantity, rounds }] = rows;
  const heading = `${section} · ${name} · ${threads} thread${threads === 1 ? "" : "s"}`;
  const lines = rows.map((row) => `  ${row.subject.padEnd(SUBJECT_WIDTH)}${figures(row)}`);
  return [
    "",
    `${heading} · ${quantity.unit}, median [min – max] of ${rounds}`,
    ...lines,
    ...rows.flatMap(verdict),
  ].join("\n");
}

function figures({ spread, ratio }: Row): string {
  const value = range(spread).padEnd(32);
  return ratio === null ? value.trimEnd() : `${value}× ${range(ratio)}`;
}

function range({ median, min, max }: Spread): string {
  return `${digits(median).padStart(8)}  [${digits(min)} – ${digits(max)}]`;
}

function digits(value: number): string {
  return value >= 1000 ? value.toFixed(0) : value.toPrecision(3);
}

/** The row a target speaks of, with whether it is met. */
function verdict(row: Row): readonly string[] {
  const { target, judged, ratio, spread, subject, quantity } = row;
  if (target === undefined || !judged) return [];
  const met = reaches(target, target.kind === "ratio" ? ratio! : spread) ? "met" : "MISSED";
  if (target.kind === "value") {
    return [`  → ${digits(spread.median)} ${quantity.unit}, target ${targetText(target)}: ${met}`];
  }
  return [`  → ${digits(ratio!.median)}× against ${subject}, target ${targetText(target)}: ${met}`];
}

/** All targets at a glance. */
export function verdictsText(rows: readonly Row[]): string {
  const lines = rows.flatMap((row) =>
    verdict(row).map((line) => `  ${row.section} · ${row.name} · ${row.threads} thr. ${line.trim()}`),
  );
  return lines.length === 0 ? "" : ["", "Targets", ...lines].join("\n");
}
