import { runForge } from "./run-forge.ts";
import { forgeWorkspace } from "./forge-workspace.ts";

/**
 * Builds the Solidity tests if they or their imports have changed.
 *
 * @throws with the compiler's output if the build fails
 */
export async function buildForgeTests(): Promise<void> {
  forgeWorkspace();
  const start = performance.now();
  console.log("    building the Solidity tests (half a minute if they have changed)");
  const { status, output } = await runForge(["build"], {});
  if (status !== 0) throw new Error(`the Solidity tests do not build:\n${output.trim()}`);
  console.log(`    built in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
