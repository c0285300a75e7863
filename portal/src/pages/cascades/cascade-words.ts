import type { Cascade, CascadeMember } from '../../api/types.ts';
import { countedText, countText, figureText } from '../../format/number.ts';
import type { StateKind } from '../../format/state-kind.ts';
import { momentText } from '../../format/time.ts';

type Cost = NonNullable<Cascade['plan']>['cost'];
type Shown = { readonly kind: StateKind; readonly word: string };

export const memberStates: Readonly<Record<CascadeMember['status'], Shown>> = {
  waiting: { kind: 'unknown', word: 'waits' },
  requested: { kind: 'progress', word: 'retraining' },
  promoted: { kind: 'healthy', word: 'promoted' },
  'not-promoted': { kind: 'warning', word: 'not promoted' },
  skipped: { kind: 'unknown', word: 'skipped' },
};

const excludedWords: Readonly<Record<NonNullable<Cascade['plan']>['excluded'][number]['reason'], string>> = {
  retired: 'it is retired',
  deprecated: 'it is deprecated',
  'not-deployed': 'no version of it serves',
  vetoed: 'its policy vetoes it',
  'policy-off': 'its policy takes part in no cascade',
  'rollout-open': 'a rollout of it is open',
  'in-cascade': 'it waits in another cascade',
  cooldown: 'it was retrained a moment ago',
};

/** `it is retired`, and the API's detail where that says more. */
export function excludedText({ reason, detail }: NonNullable<Cascade['plan']>['excluded'][number]): string {
  return detail === '' ? excludedWords[reason] : `${excludedWords[reason]}: ${detail}`;
}

/** The state of the whole, with who stopped it. */
export function cascadeState({ status, stop, members }: Cascade): Shown {
  if (stop?.kind === 'vetoed') return { kind: 'warning', word: status === 'ended' ? 'vetoed' : 'vetoed, ending' };
  if (stop?.kind === 'superseded') return { kind: 'unknown', word: 'superseded' };
  if (status === 'opened') return { kind: 'progress', word: 'being planned' };
  if (status === 'running') return { kind: 'progress', word: 'running' };
  if (members.length === 0) return { kind: 'unknown', word: 'ended, nothing to retrain' };
  return { kind: 'healthy', word: 'ended' };
}

/** `1 of 7 promoted, 2 retraining, 3 wait, 1 skipped` */
export function progressText(members: readonly CascadeMember[]): string {
  if (members.length === 0) return 'none';
  const count = (status: CascadeMember['status']) => members.filter((member) => member.status === status).length;
  const others = (['requested', 'waiting', 'not-promoted', 'skipped'] as const).flatMap((status) => {
    const found = count(status);
    const word = status === 'waiting' && found > 1 ? 'wait' : memberStates[status].word;
    return found === 0 ? [] : [`${countText(found)} ${word}`];
  });
  return [`${countText(count('promoted'))} of ${countText(members.length)} promoted`, ...others].join(', ');
}

/** Why it is where it is: what holds it, whom it waits for, or why it was left out. */
export function memberReason(member: CascadeMember, members: readonly CascadeMember[]): string {
  const { status, hold, after, startsAt, reason, joins, retrainId } = member;
  if (status === 'waiting') {
    const open = after.flatMap((place) => {
      const other = members[place];
      return other !== undefined && (other.status === 'waiting' || other.status === 'requested') ? [other.modelId] : [];
    });
    if (open.length > 0) return `after ${listText(open)}`;
    if (hold !== undefined) return hold;
    return startsAt === undefined ? 'its turn is next' : `its turn comes ${momentText(startsAt)}`;
  }
  if (status === 'requested') return joins === undefined ? (retrainId ?? '') : `joined ${joins}, which was open`;
  return reason ?? '';
}

/** `a, b and 3 more` */
function listText(names: readonly string[]): string {
  const shown = names.slice(0, 3);
  const rest = names.length - shown.length;
  return rest === 0 ? shown.join(', ') : `${shown.join(', ')} and ${rest} more`;
}

/** `120 USD`, with how many are not known; cascades are planned in US dollars. */
export function costText({ known, unknown }: Cost): string {
  if (unknown === 0) return `${figureText(known)} USD`;
  const missing = `${countedText(unknown, 'retrain')} of unknown cost`;
  return known === 0 ? missing : `${figureText(known)} USD and ${missing}`;
}
