import { useState } from 'react';
import { type RolloutAction, useRolloutAction } from '../../api/rollout-queries.ts';
import type { Rollout } from '../../api/types.ts';
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
  const [chosen, choose] = useState<RolloutAction>();
  const { status, pausedAt, judgements } = rollout;
  const mayPromote = status === 'canary' && judgements.every(({ verdict }) => verdict !== 'fail');
  const possible: readonly RolloutAction[] = [
    pausedAt === undefined ? 'pause' : 'resumption',
    ...(mayPromote ? (['promotion'] as const) : []),
    'abort',
  ];
  return (
    <section className="actions" aria-label="What you can do">
      <div className="buttons">
        {possible.map((action) => (
          <button
            key={action}
            type="button"
            className="button"
            aria-expanded={chosen === action}
            onClick={() => choose(chosen === action ? undefined : action)}
          >
            {offers[action].verb}
          </button>
        ))}
      </div>
      {chosen !== undefined && possible.includes(chosen) && (
        <ActionForm
          key={chosen}
          rolloutId={rollout.rolloutId}
          offer={offers[chosen]}
          onDone={() => choose(undefined)}
        />
      )}
    </section>
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
