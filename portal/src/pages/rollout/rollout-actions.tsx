import { type RolloutAction, useRolloutAction } from '../../api/rollout-queries.ts';
import type { Rollout } from '../../api/types.ts';
import { OfferedActions } from '../../parts/offered-actions.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';

type Offer = { readonly action: RolloutAction; readonly verb: string; readonly means: string };

const offers: Readonly<Record<RolloutAction, Offer>> = {
  pause: {
    action: 'pause',
    verb: 'Pause',
    means: 'No further step until it is resumed. It is judged on, and a breach rolls back.',
  },
  resumption: {
    action: 'resumption',
    verb: 'Resume',
    means: 'It goes on at once where it waited. The pause counts towards no limit.',
  },
  promotion: {
    action: 'promotion',
    verb: 'Promote now',
    means:
      'All traffic goes to the candidate, whatever the step still waits for. An approver does it, and not who asked.',
  },
  abort: { action: 'abort', verb: 'Abort', means: 'All traffic goes back to the champion, and the rollout ends.' },
};

/** What an operator can do now; each asks for the reason, which is audited. */
export function RolloutActions({ rollout }: { readonly rollout: Rollout }) {
  const { status, pausedAt, judgements } = rollout;
  const mayPromote = status === 'canary' && judgements.every(({ verdict }) => verdict !== 'fail');
  const possible: readonly RolloutAction[] = [
    pausedAt === undefined ? 'pause' : 'resumption',
    ...(mayPromote ? (['promotion'] as const) : []),
    'abort',
  ];
  return (
    <OfferedActions
      label="What you can do"
      possible={possible}
      offers={offers}
      form={(chosen, close) => <ActionForm rolloutId={rollout.rolloutId} offer={offers[chosen]} onDone={close} />}
    />
  );
}

function ActionForm(props: { readonly rolloutId: string; readonly offer: Offer; readonly onDone: () => void }) {
  const { rolloutId, offer, onDone } = props;
  const { mutate, ...state } = useRolloutAction(rolloutId);
  return (
    <ReasonForm
      verb={offer.verb}
      means={offer.means}
      onSubmit={(reason) => mutate({ action: offer.action, reason }, { onSuccess: onDone })}
      {...state}
    />
  );
}
