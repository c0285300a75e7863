/** What a redrive did. */
export type Redriven = {
  /** Batches or documents whose records are all on the stream again, and taken off where they lay. */
  readonly done: number;
  /** Records put on the stream. */
  readonly records: number;
  /** What lies where it lay, and why. */
  readonly left: readonly { readonly what: string; readonly why: string }[];
};

export function reportLines({ done, records, left }: Redriven): readonly string[] {
  return [
    `${records} records of ${done} failures are on the stream again`,
    ...left.map(({ what, why }) => `left: ${what}: ${why}`),
  ];
}
