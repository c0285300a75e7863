type Role = 'editor' | 'approver';

/** Whether the groups hold one of the roles in the team; an admin holds all. What is offered follows it; the API decides. */
export function hasRole(groups: readonly string[], team: string, ...roles: readonly Role[]): boolean {
  return groups.includes('admin') || roles.some((role) => groups.includes(`${role}:${team}`));
}

/** Whether the groups make one an editor of anything. */
export function isEditor(groups: readonly string[]): boolean {
  return groups.some((group) => group === 'admin' || group.startsWith('editor:'));
}

/** Teams in which one has a role, by name, each once. */
export function teamsOf(groups: readonly string[]): readonly string[] {
  const teams = groups.flatMap((group) => /^(?:editor|approver):(.+)$/.exec(group)?.[1] ?? []);
  return [...new Set(teams)].toSorted();
}
