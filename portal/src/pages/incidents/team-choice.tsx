import { useSearchParams } from 'wouter';
import { useAttention } from '../../api/queries.ts';
import { useGroups } from '../../auth/person.tsx';
import { teamsOf } from '../../auth/roles.ts';

/** Whose incidents of no model are: those who run the stage. */
const stageTeam = 'runway';

/**
 * The team in the address, so that what one sees can be sent to a colleague; else one's own, else the first that has models.
 * Undefined until that is known.
 */
export function useTeam() {
  const [parameters, setParameters] = useSearchParams();
  const own = teamsOf(useGroups());
  const { data, isError } = useAttention();
  const withModels = Object.keys(data?.counts.team ?? {}).toSorted();
  const isKnown = data !== undefined || isError;
  const team = parameters.get('team') ?? own[0] ?? (isKnown ? (withModels[0] ?? stageTeam) : undefined);
  const teams = [...new Set([...own, ...withModels, stageTeam, ...(team === undefined ? [] : [team])])].toSorted();
  const setTeam = (next: string) =>
    setParameters((current) => {
      current.set('team', next);
      return current;
    });
  return { team, teams, setTeam };
}

export function TeamChoice(props: {
  readonly team: string | undefined;
  readonly teams: readonly string[];
  readonly onChange: (team: string) => void;
}) {
  return (
    <label className="team-choice">
      Team{' '}
      <select
        className="field"
        value={props.team ?? ''}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      >
        {props.teams.map((team) => (
          <option key={team} value={team}>
            {team}
          </option>
        ))}
      </select>
    </label>
  );
}
