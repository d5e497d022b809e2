import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { sha256Hex } from "../../src/io/index.js";
import { type Provenance, provenanceSchema } from "../../src/runs/provenance.js";
import { everything, hasCheckpoint, manifestOf, start, until } from "./kills.js";
import { hasGit, inFolder, rbmRg, root } from "./run.js";

/** A clone of the program, made of what is built here, and a folder to work in. */
let clone = "";

beforeAll(() => {
  if (!hasGit) return;
  clone = join(mkdtempSync(join(tmpdir(), "rbm-rg-")), "clone");
  mkdirSync(join(clone, "src"), { recursive: true });
  for (const name of ["assets", "bin", "dist", "package.json"]) {
    cpSync(join(root, name), join(clone, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(clone, "node_modules"));
  writeFileSync(join(clone, "package-lock.json"), "{}\n");
  writeFileSync(join(clone, "src", "a.ts"), "1\n");
  git("init", "-q");
  git("add", "assets", "bin", "src", "package.json", "package-lock.json");
  commit();
});

afterAll(() => {
  if (hasGit) rmSync(join(clone, ".."), { recursive: true, force: true });
});

function git(...args: readonly string[]): string {
  const identity = [
    "-c",
    "user.name=test",
    "-c",
    "user.email=test@example.org",
    "-c",
    "commit.gpgsign=false",
  ];
  const { status, stdout, stderr } = spawnSync("git", [...identity, ...args], {
    cwd: clone,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

function commit(): string {
  git("commit", "-q", "--allow-empty", "-m", "a commit");
  return git("rev-parse", "HEAD");
}

/** Run the clone's program in a folder. */
function cloned(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  const { status, stderr } = spawnSync(process.execPath, [join(clone, "bin", "rbm-rg.js"), ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
  expect(`${stderr}${String(status)}`).toMatch(/0$/);
}

function provenanceOf(folder: string): Provenance {
  return v.parse(provenanceSchema, manifestOf(folder)["provenance"]);
}

const sample = ["sample", "-q", "-L", "4", "-K", "0.4", "-n", "50", "--force", "-o", "data"];
const train = [
  "train",
  "-q",
  "-L",
  "4",
  "-K",
  "0.4",
  "-n",
  "50",
  "--hidden",
  "2",
  "--epochs",
  "1",
  "-o",
  "run",
];

describe.skipIf(!hasGit)("provenance, where there is git,", () => {
  it("of a clone is its commit, and whether the program's own files differ from it", () => {
    inFolder((folder) => {
      const before = git("rev-parse", "HEAD");
      cloned(folder, sample);
      expect(provenanceOf(join(folder, "data")).git).toEqual({ commit: before, dirty: false });

      mkdirSync(join(clone, "configs"), { recursive: true });
      writeFileSync(join(clone, "configs", "mine.yaml"), "seed: 1\n");
      cloned(clone, sample);
      expect(provenanceOf(join(clone, "data")).git, "a user's own files").toMatchObject({ dirty: false });

      writeFileSync(join(clone, "src", "new.ts"), "1\n");
      cloned(folder, sample);
      expect(provenanceOf(join(folder, "data")).git, "a new file").toEqual({ commit: before, dirty: true });
      rmSync(join(clone, "src", "new.ts"));
      writeFileSync(join(clone, "src", "a.ts"), "2\n");
      cloned(folder, sample);
      expect(provenanceOf(join(folder, "data")).git, "a changed file").toMatchObject({ dirty: true });

      git("add", "src");
      const after = commit();
      cloned(folder, sample, { GIT_DIR: join(folder, "nowhere"), GIT_INDEX_FILE: join(folder, "nothing") });
      expect(provenanceOf(join(folder, "data")).git, "in a hook").toEqual({ commit: after, dirty: false });
      expect(after).not.toBe(before);
    });
  });

  it("of an installed package has no commit: a repository around it is the user's", () => {
    inFolder((folder) => {
      const installed = join(clone, "installed");
      mkdirSync(installed);
      for (const name of ["assets", "bin", "dist", "package.json"]) {
        cpSync(join(root, name), join(installed, name), { recursive: true });
      }
      const { status } = spawnSync(process.execPath, [join(installed, "bin", "rbm-rg.js"), ...sample], {
        cwd: folder,
      });
      expect(status).toBe(0);
      const { git: commitOf, dependencies_sha256 } = provenanceOf(join(folder, "data"));
      expect({ commitOf, dependencies_sha256 }).toEqual({ commitOf: null, dependencies_sha256: null });
    });
  });

  it("has no commit, and the run goes on, where git cannot be run", () => {
    inFolder((folder) => {
      cloned(folder, sample, { PATH: folder });
      expect(provenanceOf(join(folder, "data")).git).toBeNull();
    });
  });

  it("has command, machine, lock file and configuration file", () => {
    inFolder((folder) => {
      const config =
        "sample: { lattice: 4x4, coupling: 0.4, samples: 50 }\nmodel: { hidden: 2 }\ntrain: { epochs: 1 }\n";
      writeFileSync(join(folder, "c.yaml"), config);
      const command = ["train", "-q", "--config", "c.yaml", "--threads", "2", "-o", "a run"];
      cloned(folder, command);
      const { platform, ...rest } = provenanceOf(join(folder, "a run"));
      expect(rest).toEqual({
        command,
        git: { commit: git("rev-parse", "HEAD"), dirty: false },
        working_folder: resolve(folder),
        dependencies_sha256: sha256Hex("{}\n"),
        kernels: "wasm",
        threads: 2,
        inputs: [{ path: join(resolve(folder), "c.yaml"), sha256: sha256Hex(config) }],
      });
      expect(platform).toMatchObject({
        node: process.version,
        arch: process.arch,
        processors: cpus().length,
      });
      const { stdout } = rbmRg(folder, "inspect", "a run");
      expect(stdout).toContain(
        'provenance.command              train -q --config c.yaml --threads 2 -o "a run"\n',
      );

      expect(rbmRg(folder, "verify", "a run").stdout).toMatch(/^a run: run, \d+ files intact\n$/);
      writeFileSync(join(folder, "c.yaml"), `${config}# more\n`);
      const changed = rbmRg(folder, "verify", "a run");
      expect(changed.stdout).toMatch(
        /files intact\n {2}changed +.*c\.yaml, of which it keeps what it needs\n$/,
      );
      expect(changed.status).toBe(0);
    });
  });

  it("is in no file but manifests: the rest is the same bytes from anywhere", () => {
    inFolder((folder) => {
      cloned(folder, train);
      rbmRg(folder, ...train.slice(0, -1), "other", "--threads", "1", "--time-limit", "1h");
      const [one, other] = ["run", "other"].map((name) => everything(join(folder, name)));
      expect(other).toEqual(one);
      expect(provenanceOf(join(folder, "run"))).not.toEqual(provenanceOf(join(folder, "other")));
    });
  });

  it("of earlier starts is kept where it was another", async () => {
    const folder = mkdtempSync(join(tmpdir(), "rbm-rg-"));
    onTestFinished(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const long = ["train", "-q", "-L", "4", "-K", "0.4", "-n", "50", "--epochs", "100", "-o", "run"];
    for (const interval of ["1", "2", "1"]) {
      const program = start(folder, ...long, "--checkpoint-every", interval);
      await until(() => hasCheckpoint(join(folder, "run")), "there is a checkpoint");
      await until(() => manifestOf(join(folder, "run"))["status"] === "running", "it has begun");
      program.child.kill("SIGTERM");
      expect((await program.ended).status).toBe(143);
    }
    expect(rbmRg(folder, ...long).status).toBe(0);
    const manifest = manifestOf(join(folder, "run"));
    const earlier = v.parse(v.array(provenanceSchema), manifest["earlier_provenance"]);
    expect(earlier.map(({ command }) => command.at(-1))).toEqual(["2", "1"]);
    expect(provenanceOf(join(folder, "run")).command).toEqual(long);
    expect(manifest["resumed"]).toHaveLength(3);
  });

  it("may be missing, as in manifests of earlier versions", () => {
    inFolder((folder) => {
      const without = (path: string): void => {
        const manifest = manifestOf(path);
        delete manifest["provenance"];
        delete manifest["earlier_provenance"];
        writeFileSync(join(path, "manifest.json"), JSON.stringify(manifest));
      };
      expect(rbmRg(folder, ...train, "--time-limit", "0.01s").status).toBe(75);
      without(join(folder, "run"));
      expect(rbmRg(folder, "inspect", "run").status).toBe(0);
      expect(rbmRg(folder, ...train)).toMatchObject({ status: 0 });
      expect(provenanceOf(join(folder, "run")).command).toEqual(train);
      without(join(folder, "run"));
      expect(rbmRg(folder, ...sample).status).toBe(0);
      without(join(folder, "data"));
      for (const command of [
        ["verify", "run", "data"],
        ["inspect", "data"],
        ["report", "-q", "run"],
        train,
      ]) {
        expect(rbmRg(folder, ...command)).toMatchObject({ status: 0, stderr: "" });
      }
      expect(readFileSync(join(folder, "run", "manifest.json"), "utf8")).not.toContain("provenance");
      const read = ["train", "-q", "--data", "data", "--hidden", "2", "--epochs", "1", "-o", "read"];
      expect(rbmRg(folder, ...read).status).toBe(0);
    });
  });
});
