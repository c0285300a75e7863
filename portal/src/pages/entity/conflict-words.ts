import type { Schemas } from '../../../../sdk/client.ts';

type Conflict = Schemas['EdgeConflict'];
type Party = Conflict['parties'][number];

export function conflictTitle({ kind, isBetweenTeams }: Conflict): string {
  if (kind === 'unconfirmed-addition') return 'Unconfirmed';
  return isBetweenTeams ? 'Contested between teams' : 'Contradiction';
}

/** `ada@example.com (flights) says that it does not hold, dbt says that it holds; it does not: an override …` */
export function conflictText({ kind, parties, wins, why }: Conflict): string {
  const said = parties.map(partyText).join(', ');
  if (kind === 'unconfirmed-addition') return `${said}, and nobody else; ${why}`;
  return `${said}; it ${wins === 'holds' ? 'does' : 'does not'}: ${why}`;
}

function partyText({ claimant, provenance, teams, says, until }: Party): string {
  const who = provenance === 'override' && teams.length > 0 ? `${claimant} (${teams.join(', ')})` : claimant;
  const verb = until === undefined ? 'says' : 'said';
  return `${who} ${verb} that it ${says === 'holds' ? 'holds' : 'does not hold'}`;
}
