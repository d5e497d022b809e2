import type { MetricsRow } from "../../runs/metrics-table.js";
import { fieldPreview, type PreviewFields } from "./field-preview.js";
import { sparkline } from "./sparkline.js";
import type { TerminalStyle } from "./style.js";
import { shortNumber, shownText, textColumns, wrappedText } from "./text.js";

/** One layer of a run and how its training went so far. */
interface PreviewLayer {
  readonly layer: number;
  readonly hidden: number;
  /** Epochs it is to be trained for; 0: it was trained elsewhere. */
  readonly epochs: number;
  readonly metrics: readonly MetricsRow[];
}

/** What a preview shows of a run. */
export interface RunPreview {
  readonly run: string;
  /** Such as "finished". */
  readonly status: string;
  readonly layers: readonly PreviewLayer[];
  /** The fields of one layer, or why there are none. */
  readonly fields: PreviewFields | string;
}

/** A curve of the training. */
interface Curve {
  readonly name: string;
  readonly value: (row: MetricsRow) => number | null;
}

/** Shown where they are known. */
const curves: readonly Curve[] = [
  { name: "KL per spin (nats)", value: (row) => row.klPerSpin },
  { name: "F − F_λ (nats)", value: (row) => row.freeEnergyGap },
  { name: "Var D (nats²)", value: (row) => row.varianceDData },
  { name: "reconstruction error", value: (row) => row.reconstructionError },
];

/** Columns of a line that a curve's name and numbers take. */
const [NAME_COLUMNS, NUMBERS_COLUMNS] = [22, 36];

/** Where less is left for it beside them, a curve has a line of its own. */
const LEAST_CURVE = 12;

/**
 * A run as lines of text for a terminal: its state, a sparkline per layer of each loss that is known, and the receptive fields
 * of one layer. No line is longer than the style's columns, escape sequences apart.
 */
export function runPreview(
  { run, status, layers, fields }: RunPreview,
  style: TerminalStyle,
): readonly string[] {
  return [
    ...wrappedText(`${run}: ${status}`, style),
    ...layers.flatMap((layer) => layerLines(layer, style)),
    ...(typeof fields === "string" ? wrappedText(fields, style) : fieldPreview(fields, style)),
  ];
}

function layerLines(
  { layer, hidden, epochs, metrics }: PreviewLayer,
  style: TerminalStyle,
): readonly string[] {
  const progress =
    epochs === 0
      ? "trained elsewhere"
      : metrics.length === 0
        ? "no epoch finished"
        : `epoch ${metrics[metrics.length - 1].epoch} of ${epochs}`;
  return [
    ...wrappedText(`layer ${layer}, ${hidden} hidden units, ${progress}`, style),
    ...curves.flatMap((curve) => curveLines(curve, metrics, style)),
  ];
}

/** Name, first and last value, range and sparkline of one curve; nothing of one that is not known. */
function curveLines(
  { name, value }: Curve,
  metrics: readonly MetricsRow[],
  style: TerminalStyle,
): readonly string[] {
  const values = metrics.map((row) => value(row) ?? NaN);
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return [];
  const [least, greatest] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
  const numbers =
    known.length === 1
      ? shortNumber(known[0])
      : `${shortNumber(known[0])} → ${shortNumber(known[known.length - 1])} ` +
        `in ${shortNumber(least)} … ${shortNumber(greatest)}`;
  const [label, range] = [name, numbers].map((text) => shownText(text, style));
  const head = `  ${padded(label, NAME_COLUMNS)}${padded(range, NUMBERS_COLUMNS)} `;
  const room = style.columns - textColumns(head);
  if (room >= LEAST_CURVE) return [`${head}${sparkline(values, room, style)}`.trimEnd()];
  return [
    ...wrappedText(name, style, "  "),
    `  ${sparkline(values, style.columns - 2, style)}`.trimEnd(),
    ...wrappedText(numbers, style, "  "),
  ];
}

function padded(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - textColumns(text)));
}
