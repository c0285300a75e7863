/** From the entity on whose page one is: `out`, it is the dependant; `in`, it is what is depended on. */
export type EdgeDirection = 'out' | 'in';

const words: Readonly<Record<string, Readonly<Record<EdgeDirection, string>>>> = {
  consumes: { out: 'Consumes', in: 'Consumed by' },
  servedBy: { out: 'Served by', in: 'Serves' },
  trainedOn: { out: 'Trained on', in: 'Trained into' },
  producedBy: { out: 'Produced by', in: 'Produces' },
  derivedFrom: { out: 'Derived from', in: 'Source of' },
  runOf: { out: 'Run of', in: 'Has run as' },
  triggeredBy: { out: 'Triggered by', in: 'Triggers' },
  scheduledBy: { out: 'Scheduled by', in: 'Schedules' },
  evaluates: { out: 'Evaluates', in: 'Evaluated by' },
  explains: { out: 'Explains', in: 'Explained by' },
  ownedBy: { out: 'Owned by', in: 'Owns' },
  versionOf: { out: 'Version of', in: 'Has versions' },
  partOf: { out: 'Part of', in: 'Has parts' },
  testedBy: { out: 'Tested by', in: 'Tests' },
  memberOf: { out: 'Member of', in: 'Has members' },
  aliasOf: { out: 'Other name of', in: 'Also known as' },
};

/** Of a type that is not known: `uses`, `uses of others`. */
export function edgeWords(type: string, direction: EdgeDirection): string {
  const known = words[type];
  if (known !== undefined) return known[direction];
  const name = type.replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
  const title = name.charAt(0).toUpperCase() + name.slice(1).toLowerCase();
  return direction === 'out' ? title : `${title}, from there to here`;
}
