/** Tests that assert gas. Skipped on instrumented contracts, which use more. */
export const GAS_TESTS: readonly string[] = ["test/contracts/caps.test.ts", "test/contracts/gas.test.ts"];
