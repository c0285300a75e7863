import { useIncidents } from '../../api/incident-queries.ts';
import { Empty, Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { usePageTitle } from '../../shell/page-title.ts';
import { Deliveries } from './deliveries.tsx';
import { IncidentItem } from './incident-item.tsx';
import { TeamChoice, useTeam } from './team-choice.tsx';
import '../../styles/incidents.css';

/** What is wrong with a team's models now, since when, who has taken it on; then what is over, and who was told. */
export function IncidentsPage() {
  usePageTitle('Incidents');
  const { team, teams, setTeam } = useTeam();
  return (
    <>
      <div className="page-head">
        <h1>Incidents</h1>
        <TeamChoice team={team} teams={teams} onChange={setTeam} />
      </div>
      {team === undefined ? (
        <Skeleton lines={6} label="Loading the incidents" />
      ) : (
        <div key={team}>
          <Section team={team} status="open" title="Open" />
          <Deliveries team={team} />
          <Section team={team} status="recovered" title="Recovered" />
        </div>
      )}
    </>
  );
}

type SectionProps = { readonly team: string; readonly status: 'open' | 'recovered'; readonly title: string };

function Section({ team, status, title }: SectionProps) {
  const incidents = useIncidents(team, status);
  const items = incidents.data?.pages.flatMap((page) => page.items);
  return (
    <section className="incidents" aria-labelledby={`incidents-${status}`}>
      <h2 id={`incidents-${status}`}>
        {title} {items && <span className="muted">{incidents.hasNextPage ? `${items.length}+` : items.length}</span>}
      </h2>
      {incidents.isError && (
        <ProblemNotice what={`${title} incidents`} error={incidents.error} onRetry={() => void incidents.refetch()} />
      )}
      {incidents.isPending && <Skeleton label={`Loading incidents: ${status}`} />}
      {items?.length === 0 && <None team={team} status={status} />}
      <ul>
        {items?.map((incident) => (
          <IncidentItem key={incident.incidentId} incident={incident} />
        ))}
      </ul>
      {incidents.hasNextPage && (
        <button type="button" className="button more" onClick={() => void incidents.fetchNextPage()}>
          Load more
        </button>
      )}
    </section>
  );
}

function None({ team, status }: Omit<SectionProps, 'title'>) {
  if (status === 'recovered') return <p className="muted">No incident of {team} has ended yet.</p>;
  return (
    <Empty
      title={`Nothing is wrong that ${team} must know of`}
      command={`PUT /v1/teams/${team}/notification-targets {"targets": […]}`}
    >
      An incident opens when a model’s health breaks, a retrain or a rollout fails, or a decision is waited for. Whom
      Runway tells is for the team to set:
    </Empty>
  );
}
