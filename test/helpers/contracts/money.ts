/** Returns the sum of amounts, in the token's smallest unit. */
export async function sum(amounts: readonly Promise<bigint>[]): Promise<bigint> {
  return (await Promise.all(amounts)).reduce((total, amount) => total + amount, 0n);
}
