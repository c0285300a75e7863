/** The rollout an approval belongs to; undefined when the text is not the id of an approval. */
export function rolloutOfApproval(approvalId: string): string | undefined {
  return /^([a-z][a-z0-9-]{1,62}-o\d{1,9})-a\d{1,9}$/.exec(approvalId)?.[1];
}
