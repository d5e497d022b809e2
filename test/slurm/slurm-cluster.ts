import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

/** Attempts to remove the folder of a cluster that has been shut down, one a second. */
const ATTEMPTS = 30;

/** A SLURM of this one machine, with its own key, ports and folder; the system's own is left alone. Needs root. */
export class SlurmCluster {
  readonly #folder = mkdtempSync(join(tmpdir(), "rbm-rg-slurm-"));
  readonly environment: NodeJS.ProcessEnv;

  private constructor(readonly cpus: number) {
    this.environment = { ...process.env, SLURM_CONF: join(this.#folder, "slurm.conf") };
  }

  /** Start the daemons and wait until the node is idle. */
  static async start(cpus: number): Promise<SlurmCluster> {
    const cluster = new SlurmCluster(cpus);
    try {
      cluster.#configure();
      cluster.#startDaemons();
      await cluster.until(() => cluster.run("sinfo", "--noheader", "--format=%T").trim() === "idle", 30);
      return cluster;
    } catch (error) {
      cluster.stop();
      throw error;
    }
  }

  /** Run a SLURM command; its standard output. */
  run(command: string, ...args: readonly string[]): string {
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      env: this.environment,
      encoding: "utf8",
    });
    if (error !== undefined) throw error;
    if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}: ${stderr}`);
    return stdout;
  }

  /** Wait until something holds, looking every 100 ms. */
  async until(holds: () => boolean, seconds: number): Promise<void> {
    const end = performance.now() + 1000 * seconds;
    for (;;) {
      if (this.#attempt(holds)) return;
      if (performance.now() > end) throw new Error(`gave up after ${seconds} s\n${this.#logs()}`);
      await setTimeout(100);
    }
  }

  stop(): void {
    spawnSync("scontrol", ["shutdown"], { env: this.environment });
    spawnSync("sh", ["-c", `sleep 1; kill $(cat ${join(this.#folder, "munged.pid")})`]);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        rmSync(this.#folder, { recursive: true, force: true });
        return;
      } catch {
        spawnSync("sleep", ["1"]); // the daemons are still writing their last lines
      }
    }
    console.warn(`${this.#folder} could not be removed.`);
  }

  #attempt(holds: () => boolean): boolean {
    try {
      return holds();
    } catch {
      return false; // the daemons may not answer yet
    }
  }

  #configure(): void {
    const folder = this.#folder;
    const host = hostname().split(".")[0];
    chmodSync(folder, 0o755);
    for (const name of ["state", "spool"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "munge.key"), randomBytes(1024), { mode: 0o400 });
    const settings = {
      ClusterName: "rbmrg",
      SlurmctldHost: `${host}(127.0.0.1)`,
      AuthInfo: `socket=${folder}/munge.socket`,
      SlurmUser: "root",
      SlurmctldPort: 16817,
      SlurmdPort: 16818,
      StateSaveLocation: `${folder}/state`,
      SlurmdSpoolDir: `${folder}/spool`,
      SlurmctldPidFile: `${folder}/slurmctld.pid`,
      SlurmdPidFile: `${folder}/slurmd.pid`,
      SlurmctldLogFile: `${folder}/slurmctld.log`,
      SlurmdLogFile: `${folder}/slurmd.log`,
      // No control groups, no accounting: they need more of the machine than a test may ask for.
      ProctrackType: "proctrack/pgid",
      TaskPlugin: "task/none",
      JobAcctGatherType: "jobacct_gather/none",
      AccountingStorageType: "accounting_storage/none",
      SelectType: "select/cons_tres",
      SelectTypeParameters: "CR_CPU_Memory",
      SchedulerParameters: "bf_interval=1,sched_interval=1,batch_sched_delay=0,requeue_delay=1",
      KillWait: 5,
      NodeName: `${host} NodeAddr=127.0.0.1 CPUs=${this.cpus} RealMemory=4000 State=UNKNOWN`,
      PartitionName: `test Nodes=${host} Default=YES MaxTime=INFINITE State=UP`,
    };
    const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`);
    writeFileSync(join(folder, "slurm.conf"), lines.join(""));
  }

  #startDaemons(): void {
    const file = (name: string): string => join(this.#folder, name);
    this.run(
      "munged",
      `--key-file=${file("munge.key")}`,
      `--socket=${file("munge.socket")}`,
      `--log-file=${file("munged.log")}`,
      `--pid-file=${file("munged.pid")}`,
      `--seed-file=${file("munge.seed")}`,
      "--force",
    );
    this.run("slurmctld");
    this.run("slurmd");
  }

  #logs(): string {
    return ["slurmctld.log", "slurmd.log"]
      .map((name) => {
        try {
          return readFileSync(join(this.#folder, name), "utf8").split("\n").slice(-15).join("\n");
        } catch {
          return `no ${name}`;
        }
      })
      .join("\n");
  }
}
