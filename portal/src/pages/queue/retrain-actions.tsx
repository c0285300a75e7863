import { useState } from 'react';
import { useQueueAction } from '../../api/queue-queries.ts';
import type { PlacedRetrain, QueueAction } from '../../api/types.ts';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { offers } from './queue-offers.ts';

type ActionsProps = {
  readonly retrain: PlacedRetrain;
  readonly possible: readonly QueueAction[];
  readonly onDone: () => void;
};

/** Buttons for what one may do to a retrain; each asks for the reason, which is audited. */
export function RetrainActions({ retrain, possible, onDone }: ActionsProps) {
  const [chosen, choose] = useState<QueueAction>();
  return (
    <section className="actions" aria-label={`What you can do with ${retrain.retrainId}`}>
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
        <ActionForm key={chosen} retrain={retrain} action={chosen} onDone={onDone} />
      )}
    </section>
  );
}

type FormProps = { readonly retrain: PlacedRetrain; readonly action: QueueAction; readonly onDone: () => void };

function ActionForm({ retrain, action, onDone }: FormProps) {
  const [bump, setBump] = useState(String((retrain.bump ?? 0) === 0 ? 1 : retrain.bump));
  const { mutate, ...state } = useQueueAction(retrain.retrainId);
  return (
    <ReasonForm
      {...offers[action]}
      {...state}
      onSubmit={(reason) => mutate({ action, reason, bump: Number(bump) }, { onSuccess: onDone })}
    >
      {action === 'bump' && (
        <label>
          Tiers{' '}
          <input
            className="field"
            type="number"
            min={0}
            max={8}
            step={1}
            required
            value={bump}
            onChange={(event) => setBump(event.currentTarget.value)}
          />
        </label>
      )}
    </ReasonForm>
  );
}
