import { enrichmentProvider, type Hop, isEdgeHop, type Rule } from '../../domain/graph/enrichment/rule.ts';

/**
 * The rule's path as openCypher, in the subset that Neptune and the embedded engine share; a row is one way to walk it,
 * columns are the names the rule gives. Type stands in the URI, so that what is only mentioned is found, too.
 */
export function ruleQuery({ from, hops }: Rule): string {
  const names = [from.as, ...hops.map(({ as }) => as)];
  const conditions = [
    ...(from.types === undefined ? [] : [ofTypes(from.as, from.types)]),
    ...hops.flatMap((hop, index) => conditionsOf(hop, index, names[index] ?? from.as)),
    `id(${from.as}) <> id(${names.at(-1)})`,
  ];
  const path = hops.map((hop, index) => (isEdgeHop(hop) ? arrow(hop, index) : `, (${hop.as}:Entity)`)).join('');
  return [
    `MATCH (${from.as}:Entity)${path}`,
    `WHERE ${conditions.join(' AND ')}`,
    `RETURN DISTINCT ${names.map((name) => `id(${name}) AS ${name}`).join(', ')}`,
  ].join(' ');
}

function arrow({ along, way, as }: Extract<Hop, { way: unknown }>, index: number): string {
  const claim = `[r${index}:${along.join('|')} {isPresent: true}]`;
  return way === 'out' ? `-${claim}->(${as}:Entity)` : `<-${claim}-(${as}:Entity)`;
}

function conditionsOf(hop: Hop, index: number, previous: string): readonly string[] {
  const isOfType = ofTypes(hop.as, hop.types);
  if (isEdgeHop(hop)) return [`r${index}.claimant <> '${enrichmentProvider}'`, isOfType];
  if ('same' in hop) return [`${previous}.${hop.same} = ${hop.as}.${hop.same}`, isOfType];
  // Tags are one text in the database, because a property of Neptune is one value.
  const isNamed =
    'tag' in hop.named
      ? `${previous}.tagText CONTAINS '\\n${hop.named.tag}::' + id(${hop.as}) + '\\n'`
      : `${previous}.${hop.named.attribute} = id(${hop.as})`;
  return [isNamed, `${hop.as}.isDescribed = true`, isOfType];
}

function ofTypes(name: string, types: readonly string[]): string {
  return `(${types.map((type) => `id(${name}) STARTS WITH 'aip://${type}/'`).join(' OR ')})`;
}
