import { useApprovals } from '../../api/rollout-queries.ts';
import { Empty, Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { usePageTitle } from '../../shell/page-title.ts';
import { ApprovalCard } from './approval-card.tsx';
import '../../styles/rollout.css';

/** What waits for the decision of whoever is signed in, with what it rests on. */
export function ApprovalsPage() {
  usePageTitle('Approvals');
  const approvals = useApprovals();
  const items = approvals.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <div className="page-head">
        <h1>Approvals</h1>
        <p className="muted">Of the teams that you approve for, or delegated to you. Whoever asked does not approve.</p>
      </div>
      {approvals.isError && (
        <ProblemNotice what="The inbox" error={approvals.error} onRetry={() => void approvals.refetch()} />
      )}
      {approvals.isPending && <Skeleton label="Loading the approvals" />}
      {items?.length === 0 && (
        <Empty
          title="Nothing waits for you"
          command='PUT /v1/models/<model>/policy {…, "rollout": {…, "approvals": {…}}}'
        >
          A rollout asks where the policy of its model says so; models of tier 1 ask by default.
        </Empty>
      )}
      <ul className="approvals">
        {items?.map((approval) => (
          <ApprovalCard key={approval.approvalId} approval={approval} />
        ))}
      </ul>
      {approvals.hasNextPage && (
        <button type="button" className="button more" onClick={() => void approvals.fetchNextPage()}>
          Load more
        </button>
      )}
    </>
  );
}
