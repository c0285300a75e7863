/** Waits for all, also when one fails, so that no work goes on unwatched; then throws the first failure. */
export async function settleAll<T>(promises: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
