import type { Model } from '../../api/types.ts';
import { countText } from '../../format/number.ts';
import { State } from '../../parts/state.tsx';
import { Moment } from '../../parts/when.tsx';

/** That Runway proposes to give the model up, and what a person may do; nothing happens by itself. */
export function DeprecationNotice({ model }: { readonly model: Model }) {
  const { deprecationProposal: proposal, modelId, policy } = model;
  if (proposal === undefined) return null;
  return (
    <section className="notice warning proposal" aria-labelledby="proposal">
      <h2 className="notice-title" id="proposal">
        <State kind="warning">Proposed for deprecation</State>
      </h2>
      <p>
        At risk since <Moment at={proposal.since} />, proposed <Moment at={proposal.proposedAt} />: {proposal.reason}.
      </p>
      <p className="muted">
        Nothing happens by itself. The owner may deprecate it, or ask for a retrain. When trusted evaluations find it
        healthy the proposal lapses; how long the policy bears with it is <code>deprecationProposalDays</code> (
        {countText(policy.deprecationProposalDays)}).
      </p>
      <pre>{`POST /v1/models/${modelId}/lifecycle {"to": "deprecated", "reason": "…"}\nPOST /v1/models/${modelId}/retrains {"reason": "…"}`}</pre>
    </section>
  );
}
