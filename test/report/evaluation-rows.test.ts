import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Evaluation } from "../../src/analysis/evaluation/index.js";
import { torus } from "../../src/ising/lattice.js";
import { isingModel } from "../../src/ising/model.js";
import type { Observable } from "../../src/ising/observables.js";
import { compareCorrelations, correlationRows } from "../../src/report/evaluation/correlations.js";
import { freeEnergyRows } from "../../src/report/evaluation/free-energy-rows.js";
import { observableRows } from "../../src/report/evaluation/observable-rows.js";
import { columns, type Row } from "../../src/report/evaluation/rows.js";
import { bitMatrix } from "../../src/kernels/index.js";

const logPartition = { estimator: "ais", value: 130, error: 0.3, doubt: null } as const;

function observable(name: Observable["name"], value: number, error = 0.1, tau = 1): Observable {
  return { name, value, error, tau, ess: 100 };
}

/** An evaluation of which only what a test says is known. */
function evaluation(changes: Partial<Evaluation>): Evaluation {
  return {
    logPartitions: [logPartition],
    logPartition,
    freeEnergies: null,
    observables: [],
    correlations: null,
    splitRhat: 1,
    chains: 8,
    stuck: 0,
    length: { rounds: 400, spacing: 3, thermalization: 40 },
    ...changes,
  };
}

/** A row by the names of its columns. */
function named(rows: readonly Row[], quantity: string): Record<(typeof columns)[number], unknown> {
  const row = rows.find(([name]) => name === quantity)!;
  return Object.fromEntries(columns.map((column, k) => [column, row[k]])) as never;
}

const model = isingModel(torus(13, 13), 0.1, 0.2);

describe("thermodynamics of a model in evaluation.csv", () => {
  it("says where chains did not move, are too short, or a length does not exist", () => {
    const observables = [
      observable("energy", -0.5, 0.1, 130),
      observable("m2", 0.3),
      observable("xi", NaN, NaN),
    ];
    const moving = observableRows(evaluation({ observables }), model, "nowhere");
    expect(named(moving, "energy").remark).toBe("the chains are too short for τ = 130.0");
    expect(named(moving, "m2").remark).toBe("");
    expect(named(moving, "xi").remark).toMatch(/^undefined: S\(0\) < S\(k\)/);
    expect(named(moving, "split_rhat").remark).not.toMatch(/move/);
    const stuck = observableRows(evaluation({ observables, stuck: 7 }), model, "nowhere");
    expect(named(stuck, "m2").remark).toBe("7 of 8 chains did not move");
    expect(named(stuck, "split_rhat").remark).toMatch(
      /7 of 8 chains did not move: this says nothing of them/,
    );
  });

  it("is compared with the exact values, else with those of the data", () => {
    const folder = mkdtempSync(join(tmpdir(), "rbm-rg-"));
    writeFileSync(join(folder, "observables.csv"), "observable,value,error\nm2,0.2,0.3\nxi,,\n");
    const rows = observableRows(
      evaluation({ observables: [observable("m2", 0.7, 0.4), observable("xi", 2)] }),
      model,
      folder,
    );
    const { value, z, ...m2 } = named(rows, "m2");
    expect([value, Number(z).toFixed(12)]).toEqual([0.7, "1.000000000000"]);
    expect(m2).toMatchObject({ reference: 0.2, reference_error: 0.3, remark: "data" });
    expect(named(rows, "xi")).toMatchObject({ value: 2, reference: null, remark: "" });
    const known = isingModel(torus(4, 4), 0.3);
    const exact = observableRows(evaluation({ observables: [observable("m2", 0.7)] }), known, folder);
    expect(named(exact, "m2")).toMatchObject({ reference_error: 0, remark: "exact" });
  });
});

describe("correlations in evaluation.csv", () => {
  const found = {
    values: Float64Array.of(1, 0.5, 0.25),
    errors: Float64Array.of(0, 0.1, 0.1),
  };

  it("are a row for every distance, beside the exact ones", () => {
    const known = isingModel(torus(4, 4), 0);
    const dataset = { rows: bitMatrix(4, 16), lattice: known.lattice, model: known, sha256: "" };
    const rows = correlationRows(compareCorrelations(found, known, dataset), evaluation({ stuck: 2 }));
    expect(rows.map(([quantity]) => quantity)).toEqual(["correlation_r1", "correlation_r2"]);
    expect(named(rows, "correlation_r2")).toMatchObject({ value: 0.25, error: 0.1, reference_error: 0 });
    expect(named(rows, "correlation_r2").z).toBeCloseTo(2.5, 10);
    expect(named(rows, "correlation_r2").remark).toBe("exact; 2 of 8 chains did not move");
  });

  it("are beside those of the data with their errors where no exact ones are known", () => {
    const rows = bitMatrix(64, 169);
    for (let word = 0; word < rows.words.length; word += 5) rows.words[word] = 0x0f0f;
    const dataset = { rows, lattice: model.lattice, model, chains: 32, sha256: "" };
    const { reference, kind } = compareCorrelations(found, model, dataset);
    expect(kind).toBe("data");
    expect(reference.errors[1]).toBeGreaterThan(0);
    const [row] = correlationRows({ model: found, reference, kind }, evaluation({}));
    expect(row[columns.indexOf("reference_error")]).toBe(reference.errors[1]);
  });
});

describe("free energies in evaluation.csv", () => {
  it("say where F comes from, and what speaks against it", () => {
    const target = { value: 120, error: 0.4, method: "as given", doubt: "it cannot be" };
    const rows = freeEnergyRows(evaluation({}), target);
    expect(named(rows, "free_energy_target")).toMatchObject({
      value: -120,
      error: 0.4,
      remark: "F, as given; doubtful: it cannot be",
    });
    expect(named(rows, "free_energy_gap")).toMatchObject({ value: 10, error: 0.5 });
  });

  it("say which averages are exact", () => {
    const [exact, sampled] = [
      { value: 1, error: 0 },
      { value: 2, error: 0.1 },
    ];
    const freeEnergies = {
      ...{ target: exact, model: exact, gap: exact, lowerBound: exact, upperBound: exact },
      ...{ klPerSpin: exact, reverseKlPerSpin: sampled, meanDData: exact, meanDModel: sampled },
    };
    const target = { value: 120, error: 0, method: "enumeration", doubt: null };
    const rows = freeEnergyRows(evaluation({ freeEnergies }), target);
    expect(named(rows, "mean_d_data").remark).toBe("⟨D⟩_P, D = H − H_λ, exact");
    expect(named(rows, "mean_d_model").remark).toBe("⟨D⟩_λ");
  });
});
