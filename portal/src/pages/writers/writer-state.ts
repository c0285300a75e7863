import type { Writer } from '../../api/types.ts';
import { hasRole } from '../../auth/roles.ts';
import type { StateKind } from '../../format/state-kind.ts';

/** The worst that is true of it. */
export function stateOf({ revokedAt, distrusts }: Pick<Writer, 'revokedAt' | 'distrusts'>): {
  readonly kind: StateKind;
  readonly word: string;
} {
  if (distrusts.length > 0)
    return { kind: 'breach', word: revokedAt === undefined ? 'distrusted' : 'revoked, distrusted' };
  if (revokedAt !== undefined) return { kind: 'unknown', word: 'revoked' };
  return { kind: 'healthy', word: 'active' };
}

type Action = { readonly does: string; readonly path: string; readonly body: object };

/** What a person with these groups may do with it, as the API's policies have it. */
export function actionsOn(writer: Writer, groups: readonly string[]): readonly Action[] {
  const { team, distrusts, revokedAt } = writer;
  const isOneOf = (...roles: ('editor' | 'approver')[]) => hasRole(groups, team, ...roles);
  const reason = '…';
  const actions: Action[] = [];
  if (revokedAt === undefined && isOneOf('editor'))
    actions.push({
      does: 'Issue a new key; the former one is good for another day',
      path: 'rotation',
      body: { overlapHours: 24, reason },
    });
  if (isOneOf('approver'))
    actions.push({
      does: 'Let its labels count for nothing, of all times or a span (from, to)',
      path: 'distrust',
      body: { reason },
    });
  if (isOneOf('approver'))
    for (const { distrustId } of distrusts)
      actions.push({ does: `Take distrust ${distrustId} back`, path: 'trust', body: { distrustId, reason } });
  if (revokedAt === undefined && isOneOf('editor', 'approver'))
    actions.push({ does: 'Take nothing more from it, for good', path: 'revocation', body: { reason } });
  return actions;
}
