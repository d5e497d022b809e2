import type { RunReport } from "../report/write-report.js";
import { significant } from "../statistics/number-text.js";
import { formatTable } from "./output.js";

/** What a finished run says on the terminal: one line per layer and where to look. */
export function summaryText(run: string, { summary, layers }: RunReport): string {
  const values = new Map(summary);
  const number = (name: string): string => {
    const value = values.get(name);
    return typeof value === "number" ? significant(value, 4) : "–";
  };
  const sizes = String(values.get("hidden")).split(";");
  if (sizes[0] === "") return `no layers to train\nwritten: ${run}/summary.csv`;
  const rows = sizes.map((size, index) => [
    String(index + 1),
    size,
    number(`reconstruction_error_${index + 1}`),
    number(`kl_per_spin_${index + 1}`),
    number(`localized_fraction_${index + 1}`),
    number(`participation_ratio_${index + 1}`),
    number(`radius_of_gyration_${index + 1}`),
  ]);
  const header = ["layer", "hidden", "reconstruction", "KL/spin", "localised", "median PR", "median radius"];
  const likelihood = values.get("log_likelihood_per_unit_1");
  const remarks = [
    typeof likelihood === "number"
      ? `log-likelihood of the data: ${number("log_likelihood_per_unit_1")} nats per unit\n`
      : "",
    values.get("lattice") === null
      ? `no lattice: receptive fields have no place, size or picture (--lattice gives them one)\n`
      : "",
  ].join("");
  const pictures = layers.length === 0 ? "" : `, ${run}/figures/receptive-fields-1.png`;
  return `${formatTable(header, rows)}\n${remarks}written: ${run}/summary.csv, ${run}/metrics.csv${pictures}`;
}
