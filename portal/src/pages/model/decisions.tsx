import { useQuery } from '@tanstack/react-query';
import { modelOptions } from '../../api/queries.ts';
import { useRunway } from '../../api/runway.tsx';
import { Empty, Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { State } from '../../parts/state.tsx';
import { Moment } from '../../parts/when.tsx';

/** What was decided about retraining, in words, and what each decision rests on. */
export function DecisionsSection({ modelId }: { readonly modelId: string }) {
  const runway = useRunway();
  const decisions = useQuery(modelOptions.decisions(runway, modelId));
  if (decisions.isError) return <ProblemNotice what="The decisions" error={decisions.error} />;
  if (decisions.data === undefined) return <Skeleton label="Loading the decisions" />;
  const { items } = decisions.data;
  if (items.length === 0) {
    return (
      <Empty title="Nothing has been decided yet" command={`POST /v1/models/${modelId}/policy/dry-run {}`}>
        The rules of the policy are asked every hour, and when the model comes at risk.
      </Empty>
    );
  }
  return (
    <table className="stack history decisions">
      <thead>
        <tr>
          <th scope="col">Since</th>
          <th scope="col">What was decided, and why</th>
          <th scope="col">Replay</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ decisionId, words, decision, facts, replay }) => (
          <tr key={decisionId}>
            <td>
              <Moment at={facts.decidedAt} />
            </td>
            <td>
              <details>
                <summary>{words}</summary>
                <pre className="raw">{JSON.stringify({ decision, facts }, null, 2)}</pre>
              </details>
            </td>
            <td>
              {replay.isIdentical ? (
                <State kind="healthy">The same again</State>
              ) : (
                <State kind="breach">Differs: {replay.differences.join(', ')}</State>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
