import { mkdirSync } from "node:fs";
import asc from "assemblyscript/asc";

// The WebAssembly kernels, from AssemblyScript. Relaxed SIMD stays off: its results may differ between processors.
const out = "dist/kernels/wasm";
mkdirSync(out, { recursive: true });
const { error, stderr } = await asc.main([
  ..."src/kernels/wasm/assembly/index.ts --runtime stub --noAssert --optimizeLevel 3 --shrinkLevel 0".split(
    " ",
  ),
  ..."--enable simd --enable threads --enable bulk-memory --importMemory --noExportMemory".split(" "),
  ..."--sharedMemory --initialMemory 1 --maximumMemory 65536".split(" "),
  ...["--outFile", `${out}/kernels.wasm`],
]);
if (error !== null) {
  process.stderr.write(stderr.toString());
  process.exitCode = 1;
}
