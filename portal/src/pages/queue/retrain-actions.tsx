import { useState } from 'react';
import { useQueueAction } from '../../api/queue-queries.ts';
import type { PlacedRetrain, QueueAction } from '../../api/types.ts';
import { OfferedActions } from '../../parts/offered-actions.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { offers } from './queue-offers.ts';

type ActionsProps = {
  readonly retrain: PlacedRetrain;
  readonly possible: readonly QueueAction[];
  readonly onDone: () => void;
};

/** Buttons for what one may do to a retrain; each asks for the reason, which is audited. */
export function RetrainActions({ retrain, possible, onDone }: ActionsProps) {
  return (
    <OfferedActions
      label={`What you can do with ${retrain.retrainId}`}
      possible={possible}
      offers={offers}
      form={(chosen) => <ActionForm retrain={retrain} action={chosen} onDone={onDone} />}
    />
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
