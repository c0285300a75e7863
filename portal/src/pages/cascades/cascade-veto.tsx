import { useState } from 'react';
import { useVeto } from '../../api/cascade-queries.ts';
import type { Cascade } from '../../api/types.ts';
import { useGroups } from '../../auth/person.tsx';
import { hasRole } from '../../auth/roles.ts';
import { ReasonForm } from '../../parts/reason-form.tsx';

/** For editors and approvers of the promoted model's team, while there is something to stop. */
export function CascadeVeto({ cascade }: { readonly cascade: Cascade }) {
  const { cascadeId, team, status, stop } = cascade;
  const [isOpen, setOpen] = useState(false);
  const mayVeto = hasRole(useGroups(), team, 'editor', 'approver');
  const { mutate, ...state } = useVeto(cascadeId);
  if (!mayVeto || status === 'ended' || stop !== undefined) return <div className="actions" />;
  return (
    <section className="actions" aria-label="What you can do">
      <div className="buttons">
        <button type="button" className="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          Veto
        </button>
      </div>
      {isOpen && (
        <ReasonForm
          verb="Veto"
          means="What has not started never will; what has goes on. This cannot be taken back."
          onSubmit={(reason) => mutate(reason)}
          {...state}
        />
      )}
    </section>
  );
}
