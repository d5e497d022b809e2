import { describe, expect, it } from "vitest";
import { compareRbm, latticesAgree, RBM_TOLERANCE } from "../../src/cli/kernel-comparison.js";
import { formatBytes } from "../../src/cli/output.js";
import { openKernels, referenceKernels } from "../../src/kernels/index.js";
import { inFolder, rbmRg } from "./run.js";

interface Diagnosis {
  readonly status: string;
  readonly checks: readonly { readonly name: string; readonly verdict: string; readonly found: string }[];
}

function diagnose(...flags: readonly string[]): Diagnosis {
  return inFolder((folder) => {
    const { status, stdout, stderr } = rbmRg(folder, "doctor", "--json", ...flags);
    expect(`${stderr}${status}`).toBe("0");
    return JSON.parse(stdout) as Diagnosis;
  });
}

describe("rbm-rg doctor", () => {
  it("finds nothing broken where the tests run, and says what it found", () => {
    const { status, checks } = diagnose();
    expect(status).toBe("ok");
    const found = new Map(checks.map(({ name, found: text }) => [name, text]));
    expect(found.get("Node.js")).toBe(process.versions.node);
    expect(found.get("memory")).toMatch(/ free of /);
    expect(found.get("kernels")).toBe("wasm (--kernels auto)");
    expect(found.get("threads")).toMatch(/^\d+ \(--threads auto\) on \d+ processors$/);
    expect(found.get("shared memory")).toMatch(/up to/);
    expect(found.get("lattice kernels")).toMatch(/equal the reference, bit for bit/);
    expect(found.get("random numbers")).toMatch(/published answer/);
    expect(found.get("pictures")).toMatch(/PNG/);
  });

  it("checks the kernels and threads that the flags ask for", () => {
    const shared = diagnose("--kernels", "wasm", "--threads", "3").checks;
    expect(shared.find(({ name }) => name === "threads")?.found).toMatch(/^3 \(--threads 3\)/);
    const plain = diagnose("--kernels", "reference").checks;
    expect(plain.find(({ name }) => name === "kernels")?.found).toBe("reference (--kernels reference)");
    expect(plain.map(({ name }) => name)).not.toContain("RBM kernels");
  });

  it("prints nothing with --quiet if all is well, and refuses nonsense", () => {
    inFolder((folder) => {
      expect(rbmRg(folder, "doctor", "-q")).toEqual({ status: 0, stdout: "", stderr: "" });
      expect(rbmRg(folder, "doctor", "--threads", "none").status).toBe(64);
    });
  });

  it.runIf(process.platform === "linux")("exits 1 where nothing can be written", () => {
    const { status, stdout, stderr } = rbmRg("/proc", "doctor", "-q");
    expect(status).toBe(1);
    expect(stdout).toMatch(/broken +folder +cannot write/);
    expect(stderr).toMatch(/1 of \d+ checks failed: folder/);
  });
});

describe("the self-test", () => {
  it("passes good kernels and tells bad ones", () => {
    const wasm = openKernels("wasm", 1);
    expect(compareRbm(wasm, referenceKernels)).toBeLessThan(RBM_TOLERANCE / 2);
    expect(latticesAgree(wasm, referenceKernels)).toBe(true);
    const { rbm, lattice } = referenceKernels;
    const wrong = {
      ...referenceKernels,
      rbm: {
        ...rbm,
        descend: (...args: Parameters<typeof rbm.descend>) => {
          rbm.descend(...args);
          args[4][7] = NaN;
        },
      },
      lattice: {
        ...lattice,
        swendsenWangSweep: (...args: Parameters<typeof lattice.swendsenWangSweep>) => {
          lattice.swendsenWangSweep(...args);
          args[0].spins[5] ^= 1;
        },
      },
    };
    expect(compareRbm(wrong, referenceKernels)).toBe(Infinity);
    expect(latticesAgree(wrong, referenceKernels)).toBe(false);
    wasm.close();
  });
});

describe("formatBytes", () => {
  it("gives three digits and the right unit", () => {
    expect([0, 999, 1022, 1024, 236 * 2 ** 20, 999.9 * 2 ** 20, 4 * 2 ** 30].map(formatBytes)).toEqual([
      "0 B",
      "999 B",
      "0.998 KiB",
      "1 KiB",
      "236 MiB",
      "0.976 GiB",
      "4 GiB",
    ]);
  });
});
