/** What Neptune's openCypher lacks, by a pattern that finds it. Source: Neptune user guide, openCypher compliance. */
const lacking: Readonly<Record<string, RegExp>> = {
  shortestPath: /\b(allShortestPaths|shortestPath)\s*\(/i,
  'a parameter or variable inside a variable-length pattern':
    /\*\s*(\d+)?\s*(\.\.)?\s*(\d+)?\s*\{[^}]*:\s*(\$|[A-Za-z_]\w*\.)/,
  'a path without an upper bound': /\[[^\]]*\*\s*(\d+\s*\.\.\s*)?[\]{ ]/,
  'UNION with writes': /\bUNION\b[\s\S]*\b(CREATE|MERGE|SET|DELETE)\b|\b(CREATE|MERGE|SET|DELETE)\b[\s\S]*\bUNION\b/i,
  'a subquery': /\bCALL\s*\{/i,
  'the power operator': /\^/,
  'dynamic property access': /\b\w+\[\s*(\$|'|"|\w+\s*\])/,
  'SKIP or LIMIT that is not a number': /\b(SKIP|LIMIT)\s+(?!\d)/i,
  'any, all, none or single over a list': /\b(any|all|none|single)\s*\(\s*\w+\s+IN\b/i,
  'datetime over properties': /\b(datetime|date|time|localdatetime|duration)\s*\(/i,
  'an id as a property, which it is in patterns only': /\.\s*`~id`/,
  FOREACH: /\bFOREACH\b/i,
  'LOAD CSV': /\bLOAD\s+CSV\b/i,
  'indexes and constraints': /\b(INDEX|CONSTRAINT)\b/i,
  'list-valued properties': /\bSET\s+\w+\.\w+\s*=\s*\[/i,
};

export const faults = (text: string) =>
  Object.entries(lacking).flatMap(([what, found]) => (found.test(text) ? [what] : []));
