/** The command line is not one of ours; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
