import { runForge } from "./run-forge.ts";
import { forgeWorkspace } from "./forge-workspace.ts";

/**
 * Builds the Solidity tests, where they or what they import has changed.
 *
 * @throws what the compiler says where they do not build
 */
export async function buildForgeTests(): Promise<void> {
  forgeWorkspace();
  const start = performance.now();
  console.log("    building the Solidity tests (half a minute where they have changed)");
  const { status, output } = await runForge(["build"], {});
  if (status !== 0) throw new Error(`the Solidity tests do not build:\n${output.trim()}`);
  console.log(`    built in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
