/** Which predictions and which labels: of a version the whole and its primary outcome type, unless one of these is named. */
export type OfVersion = {
  readonly version: number;
  /** Another outcome type than the primary one. */
  readonly outcomeType?: string | undefined;
  /** Of the primary outcome type. */
  readonly segment?: string | undefined;
};

/** `3`, `3~click` or `3@new-users`: the key under which aggregates of performance are kept. */
export function versionsKey({ version, outcomeType, segment }: OfVersion): string {
  if (segment !== undefined) return `${version}@${segment}`;
  return outcomeType === undefined ? String(version) : `${version}~${outcomeType}`;
}
