import { Link } from 'wouter';
import { useCascade } from '../../api/cascade-queries.ts';
import type { Cascade } from '../../api/types.ts';
import { countedText } from '../../format/number.ts';
import { momentText } from '../../format/time.ts';
import { Empty, Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { State } from '../../parts/state.tsx';
import { Ago } from '../../parts/when.tsx';
import { usePageTitle } from '../../shell/page-title.ts';
import { Left } from './cascade-left.tsx';
import { CascadeVeto } from './cascade-veto.tsx';
import { CascadeWaves } from './cascade-waves.tsx';
import { cascadeState, costText, progressText } from './cascade-words.ts';
import '../../styles/model.css';
import '../../styles/cascades.css';

/** What follows one promotion: how far it is, why what waits does so, and what was left out. */
export function CascadePage({ cascadeId }: { readonly cascadeId: string }) {
  usePageTitle(`Cascade ${cascadeId}`);
  const { data, isPending, error, refetch } = useCascade(cascadeId);
  return (
    <>
      <p className="crumbs small">
        <Link href="/cascades">Cascades</Link> <span className="muted">/</span>{' '}
        {data && <Link href={`/models/${encodeURIComponent(data.modelId)}#journeys`}>{data.modelId}</Link>}
      </p>
      <div className="page-head">
        <h1>Cascade {cascadeId}</h1>
        {data && <Facts cascade={data} />}
      </div>
      {error !== null && <ProblemNotice what={`Cascade ${cascadeId}`} error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton lines={6} label="Loading the cascade" />}
      {data && <Content cascade={data} />}
    </>
  );
}

function Facts({
  cascade: { modelId, version, team, tier, promotedAt, rolloutId, endedAt },
}: {
  readonly cascade: Cascade;
}) {
  return (
    <p className="muted facts">
      <span>
        version {version} of {modelId} was promoted <Ago at={promotedAt} />
      </span>
      <span>team {team}</span>
      <span>tier {tier}</span>
      <span>
        <Link href={`/rollouts/${encodeURIComponent(rolloutId)}`}>its rollout</Link>
      </span>
      {endedAt !== undefined && (
        <span>
          ended <Ago at={endedAt} />
        </span>
      )}
    </p>
  );
}

function Content({ cascade }: { readonly cascade: Cascade }) {
  const { kind, word } = cascadeState(cascade);
  const { members, plan, stop } = cascade;
  return (
    <>
      <section className={`verdict ${kind}`} aria-label="Where it stands">
        <h2>
          <State kind={kind}>{word.charAt(0).toUpperCase() + word.slice(1)}</State>
          <span className="since muted">{members.length > 0 && progressText(members)}</span>
        </h2>
        {stop && (
          <p>
            What had not started never will: {stop.reason}{' '}
            <span className="muted">
              ({stop.by}, {momentText(stop.at)})
            </span>
          </p>
        )}
        {plan && <p className="muted">{planText(plan)}</p>}
      </section>
      <CascadeVeto cascade={cascade} />
      {members.length > 0 && <CascadeWaves cascade={cascade} />}
      {members.length === 0 && (
        <Empty title={plan === undefined ? 'It is being planned' : 'Nothing is retrained'}>
          {plan === undefined
            ? 'The plan comes moments after the promotion.'
            : 'No model that can be retrained depends on it.'}
        </Empty>
      )}
      {plan && <Left plan={plan} />}
    </>
  );
}

/** Size, cost and end of the whole. */
function planText({ blastRadius, cost, endsAt, truncated }: NonNullable<Cascade['plan']>): string {
  const { retrains, limit, isExceeded } = blastRadius;
  const size = countedText(retrains, 'retrain');
  const large = isExceeded ? `, more than ${limit}: it runs off-peak, some at a time` : '';
  const end = endsAt === undefined ? '' : `; planned to end ${momentText(endsAt)}`;
  return `${size}${large}; ${costText(cost)}${end}${truncated ? '. There is more than is listed here' : ''}.`;
}
