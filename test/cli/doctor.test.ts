import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compareRbm, latticesAgree, RBM_TOLERANCE } from "../../src/cli/kernel-comparison.js";
import { checkDisk, checkTerminal } from "../../src/cli/machine-checks.js";
import { formatBytes } from "../../src/cli/output.js";
import { openKernels, referenceKernels } from "../../src/kernels/index.js";
import { bin, inFolder, rbmRg } from "./run.js";

interface Diagnosis {
  readonly status: string;
  readonly checks: readonly { readonly name: string; readonly verdict: string; readonly found: string }[];
}

/** The environment outside of any job that the tests themselves may run in. */
const outside = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("SLURM")));

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
    expect(found.get("disk")).toMatch(/iB free of \S+ .iB for \//);
    expect(found.get("terminal")).toMatch(
      /^output goes to a file or pipe: \d+ columns, no colours, (UTF-8|ASCII only)$/,
    );
    expect(found.get("SLURM")).toMatch(/sbatch|slurm/);
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

  it("prints nothing with --quiet if nothing is broken, and refuses nonsense", () => {
    inFolder((folder) => {
      // All that a cluster of its own could say is a remark.
      writeFileSync(join(folder, "sbatch"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
      const { status, stdout, stderr } = spawnSync(process.execPath, [bin, "doctor", "-q"], {
        cwd: folder,
        env: { ...outside, PATH: folder },
        encoding: "utf8",
      });
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
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

describe("what doctor says of SLURM", () => {
  /** The check with `sbatch` doing what a script says, or not there at all. */
  function slurm(
    script: string | null,
    job: Readonly<Record<string, string>>,
    threads: string,
  ): Diagnosis["checks"][0] {
    return inFolder((folder) => {
      const path = join(folder, "bin");
      mkdirSync(path);
      if (script !== null) writeFileSync(join(path, "sbatch"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      const env = { ...outside, ...job, PATH: path };
      const { stdout } = spawnSync(process.execPath, [bin, "doctor", "--json", "--threads", threads], {
        cwd: folder,
        env,
        encoding: "utf8",
      });
      const { checks } = JSON.parse(stdout) as Diagnosis;
      return checks.find(({ name }) => name === "SLURM")!;
    });
  }

  it("finds sbatch and its version, and takes none for no harm", () => {
    expect(slurm("echo slurm 23.02.7", {}, "1")).toEqual({
      name: "SLURM",
      verdict: "ok",
      found: "slurm 23.02.7: jobs can be submitted from here",
    });
    const none = slurm(null, {}, "1");
    expect(none.verdict).toBe("ok");
    expect(none.found).toMatch(/^no sbatch here/);
  });

  it("remarks on one that fails or does not answer, and does not wait for it", () => {
    const failing = slurm("echo sbatch: error: no configuration >&2; exit 1", {}, "1");
    expect(failing.verdict).toBe("remark");
    expect(failing.found).toBe(
      "sbatch fails: no configuration; jobs cannot be submitted from here, try a login node",
    );
    // A child of the script holds its output open.
    const hanging = slurm("/bin/sleep 60", {}, "1");
    expect(hanging.verdict).toBe("remark");
    expect(hanging.found).toMatch(/^sbatch does not answer within 5 s/);
  });

  it("says what a job was given, and remarks on more threads than CPUs", () => {
    const job = { SLURM_JOB_ID: "4711", SLURM_CPUS_PER_TASK: "2", SLURM_MEM_PER_NODE: "4096" };
    expect(slurm(null, job, "2")).toMatchObject({
      verdict: "ok",
      found: expect.stringMatching(/^job 4711 with 2 CPUs and 4 GiB of memory; no sbatch/) as unknown,
    });
    const crowded = slurm(null, { ...job, SLURM_CPUS_PER_TASK: "1", SLURM_MEM_PER_NODE: "" }, "3");
    expect(crowded.verdict).toBe("remark");
    expect(crowded.found).toMatch(
      /^job 4711 with 1 CPU, on which 3 threads .*: take --threads 1, or .*--cpus-per-task=3;/,
    );
    const perCpu = { SLURM_JOB_ID: "1", SLURM_CPUS_ON_NODE: "4", SLURM_MEM_PER_CPU: "512" };
    expect(slurm(null, perCpu, "4").found).toMatch(/^job 1 with 4 CPUs and 2 GiB of memory;/);
  });
});

describe("what doctor says of disk and terminal", () => {
  it("remarks on a disk that is nearly full and calls a full one broken", () => {
    const disk = (free: number, blocks = 2 ** 30) =>
      checkDisk("/x", (() => ({ blocks, bavail: free / 4096, bsize: 4096 })) as never);
    expect(disk(2 ** 32)).toEqual({ name: "disk", verdict: "ok", found: "4 GiB free of 4 TiB for /x" });
    expect(disk(2 ** 28)).toMatchObject({ verdict: "remark" });
    expect(disk(2 ** 28).found).toMatch(/^256 MiB free .*: make some, or choose another disk with -o$/);
    expect(disk(2 ** 20).verdict).toBe("broken");
    expect(disk(0, 0)).toMatchObject({ verdict: "ok", found: "the file system of /x has no size" });
  });

  it("advises what would make a terminal better", () => {
    const good = { TERM: "xterm-256color", LANG: "en_US.UTF-8" };
    const wide = { isTTY: true, columns: 120 };
    expect(checkTerminal(good, wide)).toEqual({
      name: "terminal",
      verdict: "ok",
      found: "120 columns, 256 colours, UTF-8",
    });
    expect(checkTerminal(good, { isTTY: true, columns: 60 }).found).toMatch(
      /; tables are wider, make it 80 columns$/,
    );
    const poor = checkTerminal({ TERM: "dumb", LANG: "C" }, wide);
    expect(poor.verdict).toBe("remark");
    expect(poor.found).toMatch(
      /^120 columns, no colours, ASCII only; for colours set TERM=.*; .*LANG=C.UTF-8/,
    );
    // Who wants none needs no advice.
    expect(checkTerminal({ ...good, NO_COLOR: "1" }, wide).verdict).toBe("ok");
    expect(checkTerminal({ TERM: "dumb", LANG: "C" }, {}).verdict).toBe("ok");
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
