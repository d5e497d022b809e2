import { execFile, spawnSync, type SpawnSyncOptions } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "./run.js";

/** Bytes that an installation may take: the package, and all that comes with it. README says what they are. */
const [PACKAGE_BYTES, TREE_BYTES] = [6e6, 45e6];

/** Someone who owns nothing, on every Unix: nobody. */
const NOBODY = 65534;

const train = ["train", "-q", "-L", "6", "-K", "0.4", "-n", "400", "--hidden", "9", "--epochs", "2"] as const;

/** Everything happens below it; readable by all. */
let folder = "";
let project = "";
let prefix = "";

/** The program as it is installed in the project. */
const program = () => join(project, "node_modules", "rbm-rg", "bin", "rbm-rg.js");

/** Run a command and fail with its output if it fails. */
function run(cwd: string, command: string, args: readonly string[], options: SpawnSyncOptions = {}): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, ...options, encoding: "utf8" });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(" ")} → ${status} ${error?.message ?? ""}\n${stdout}\n${stderr}`);
  }
  return stdout;
}

/** Bytes of all files below a folder, links not followed. */
function bytesBelow(path: string): number {
  const status = lstatSync(path);
  if (!status.isDirectory()) return status.isFile() ? status.size : 0;
  return readdirSync(path).reduce((sum, name) => sum + bytesBelow(join(path, name)), 0);
}

/** A fresh folder for one test, with all the rights of `owner`, if given. */
function freshFolder(name: string, owner?: number): string {
  const path = join(folder, name);
  mkdirSync(path);
  if (owner !== undefined) chownSync(path, owner, owner);
  return path;
}

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "rbm-rg-")));
  chmodSync(folder, 0o755);
  project = freshFolder("ein Ordner für Läufe");
  prefix = freshFolder("für alle");
  // The build exists already; packing must not rebuild it under the other tests.
  run(root, "npm", ["pack", "--ignore-scripts", "--pack-destination", folder]);
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  writeFileSync(join(project, "package.json"), '{ "name": "empty", "private": true, "type": "module" }\n');
  const install = (...args: readonly string[]): Promise<unknown> =>
    promisify(execFile)(
      "npm",
      ["install", "--no-audit", "--no-fund", "--prefer-offline", ...args, join("..", tarball)],
      { cwd: project },
    );
  await Promise.all([install(), install("--global", "--prefix", prefix)]);
}, 180_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the packed tarball, installed in a folder with a space and an umlaut", () => {
  it("runs", () => {
    const command = join("node_modules", ".bin", "rbm-rg");
    expect(run(project, command, ["--version"]).trim()).toMatch(/^\d+\.\d+\.\d+$/);
    expect(run(project, command, ["exact", "-L", "4", "-K", "0.4"])).toContain("-1.3791164822593");
    run(project, command, [...train, "-o", "run"]);
    expect(existsSync(join(project, "run", "figures", "receptive-fields-1.png"))).toBe(true);
  });

  it("is a library: imports work as modules, types resolve", () => {
    const source =
      'import { isingModel, torus, TYPES } from "rbm-rg";\nexport const model: IsingModel = isingModel(torus(4, 4), 0.4);\n';
    writeFileSync(join(project, "use.ts"), source.replace("TYPES", "type IsingModel"));
    const script = source.replace(", TYPES", "").replace(": IsingModel", "");
    writeFileSync(join(project, "use.js"), `${script}console.log(model.lattice.sites, model.coupling);\n`);
    expect(run(project, process.execPath, ["use.js"])).toBe("16 0.4\n");
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const compilerOptions = { noEmit: true, strict: true, module: "nodenext", target: "es2022", types: [] };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.ts"] }));
    run(project, process.execPath, [tsc, "-p", "tsconfig.json"]);
  });

  it("carries no development files or dependencies, and is small", () => {
    const modules = join(project, "node_modules");
    const installed = join(modules, "rbm-rg");
    for (const name of ["src", "test", ".ci", "results", "tsconfig.json"]) {
      expect(existsSync(join(installed, name)), name).toBe(false);
    }
    const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      devDependencies: Readonly<Record<string, string>>;
    };
    const unneeded = Object.keys(devDependencies).filter((name) => existsSync(join(modules, name)));
    expect(unneeded).toEqual([]);
    run(project, "npm", ["ls", "--all"]);
    const sizes = [bytesBelow(installed), bytesBelow(modules)];
    expect(sizes[0]).toBeLessThan(PACKAGE_BYTES);
    expect(sizes[1]).toBeLessThan(TREE_BYTES);
    // An installation that lacks something would be small too.
    expect(sizes[0]).toBeGreaterThan(1e6);
  });

  it("asks for no network", () => {
    const guard = join(folder, "guard.mjs");
    const alarm = "() => { process.stderr.write('asked for the network'); process.exit(99); }";
    writeFileSync(
      guard,
      `import net from "node:net";\nimport dns from "node:dns";\nconst alarm = ${alarm};\n` +
        "net.Socket.prototype.connect = alarm;\ndns.lookup = alarm;\ndns.promises.lookup = alarm;\n",
    );
    const guarded = { env: { ...process.env, NODE_OPTIONS: `--import=${pathToFileURL(guard).href}` } };
    const fetching = ["-e", 'fetch("http://127.0.0.1:4711").catch(() => {})'];
    expect(spawnSync(process.execPath, fetching, guarded).status).toBe(99);
    run(project, process.execPath, [program(), ...train, "-o", "guarded"], guarded);
  });

  it("runs where there is no network", (context) => {
    const probe = spawnSync("unshare", ["--net", "true"]);
    if (probe.status !== 0) {
      context.skip(
        `unshare --net is not permitted here: ${probe.error?.message ?? String(probe.stderr).trim()}`,
      );
    }
    run(project, "unshare", ["--net", process.execPath, program(), ...train, "-o", "offline"]);
    expect(existsSync(join(project, "offline", "figures", "receptive-fields-1.png"))).toBe(true);
  });
});

describe("an installation for all users of a machine", () => {
  it.skipIf(process.platform === "win32")(
    "has the program and its manual page below the prefix",
    (context) => {
      expect(run(folder, join(prefix, "bin", "rbm-rg"), ["exact", "-L", "4", "-K", "0.4"])).toContain(
        "-1.37911648",
      );
      const page = join(prefix, "share", "man", "man1", "rbm-rg.1");
      expect(existsSync(page), "npm links the pages that package.json lists in an array").toBe(true);
      expect(readFileSync(page, "utf8")).toMatch(/^\.TH RBM/);
      if (spawnSync("man", ["--version"]).status !== 0) context.skip("all but man -w: there is no man here");
      expect(run(folder, "man", ["-M", join(prefix, "share", "man"), "-w", "rbm-rg"])).toContain("rbm-rg.1");
    },
  );

  it("runs read-only, for someone who is not root", (context) => {
    if (process.platform === "win32")
      context.skip("permission bits do not keep anyone from writing on Windows");
    const isRoot = process.getuid?.() === 0;
    const user = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
    const home = freshFolder("home", isRoot ? NOBODY : undefined);
    const env = { PATH: process.env["PATH"], HOME: home };
    const modules = join(project, "node_modules");
    const probe = spawnSync(process.execPath, ["--version"], { ...user, env, cwd: home });
    if (probe.status !== 0) {
      context.skip(`${process.execPath} cannot be run by user ${NOBODY}: ${probe.error?.message ?? ""}`);
    }
    run(project, "chmod", ["-R", "a-w,a+rX", modules]);
    try {
      const intrude = `require("fs").writeFileSync(${JSON.stringify(join(modules, "rbm-rg", "x"))}, "")`;
      const refused = spawnSync(process.execPath, ["-e", intrude], {
        ...user,
        env,
        cwd: home,
        encoding: "utf8",
      });
      expect(refused.stderr).toMatch(/EACCES/);
      const diagnosis = run(home, process.execPath, [program(), "doctor", "--json"], { ...user, env });
      expect(JSON.parse(diagnosis)).toMatchObject({ status: "ok" });
      run(home, process.execPath, [program(), ...train, "-o", "run"], { ...user, env });
      const picture = statSync(join(home, "run", "figures", "receptive-fields-1.png"));
      if (isRoot) expect(picture.uid).toBe(NOBODY);
      // Nothing else is left in the home of the user, and nothing in the installation.
      expect(readdirSync(home)).toEqual(["run"]);
    } finally {
      run(project, "chmod", ["-R", "u+w", modules]);
    }
  });
});
