/** Tests that assert gas: contracts with counters or questions in them use more. */
export const GAS_TESTS: readonly string[] = ["test/contracts/caps.test.ts", "test/contracts/gas.test.ts"];
