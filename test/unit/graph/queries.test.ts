import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as queries from '../../../shared/adapters/neptune/queries.ts';
import { ruleQuery } from '../../../shared/adapters/neptune/rule-query.ts';
import { type EdgeType, edgeTypes } from '../../../shared/domain/graph/edge-types.ts';
import { rules } from '../../../shared/domain/graph/enrichment/rules.ts';
import { faults } from './neptune-subset.ts';

const texts: readonly string[] = Object.values(queries).flatMap((query) => {
  if (typeof query === 'string') return [query];
  return query === queries.neighbours
    ? [queries.neighbours('upstream'), queries.neighbours('downstream')]
    : Object.keys(edgeTypes).map((type) => queries.mergeClaims(type as EdgeType));
});

describe('openCypher texts', () => {
  it.each([...texts, ...rules.map(ruleQuery)])('%s', (text) => {
    expect(faults(text)).toEqual([]);
  });

  it('are all in one file', () => {
    const adapter = readFileSync('shared/adapters/neptune/neptune-graph-database.ts', 'utf8');
    expect(adapter).not.toMatch(/\b(MATCH|MERGE|UNWIND)\b/);
    expect(texts.length).toBeGreaterThan(15);
  });

  it.each([
    ['MATCH p = shortestPath((a)-[*1..3]->(b)) RETURN p', 'shortestPath'],
    ['MATCH (a)-[*1..3 {open: $open}]->(b) RETURN b', 'a parameter or variable inside a variable-length pattern'],
    ['MATCH (a)-[*1..3 {open: a.open}]->(b) RETURN b', 'a parameter or variable inside a variable-length pattern'],
    ['MATCH (a)-[:x*]->(b) RETURN b', 'a path without an upper bound'],
    ['MATCH (a)-[:x*2..]->(b) RETURN b', 'a path without an upper bound'],
    ['MATCH (a) RETURN a UNION CREATE (b)', 'UNION with writes'],
    ['CALL { MATCH (n) RETURN n } RETURN n', 'a subquery'],
    ['RETURN 2 ^ 3', 'the power operator'],
    ['MATCH (n) RETURN n[$key]', 'dynamic property access'],
    ['MATCH (n) RETURN n LIMIT $limit', 'SKIP or LIMIT that is not a number'],
    [
      'MATCH p = (a)-[*1..2]->(b) WHERE all(r IN relationships(p) WHERE r.open) RETURN b',
      'any, all, none or single over a list',
    ],
    ['MATCH (n) RETURN datetime(n.at)', 'datetime over properties'],
    ['MATCH (n) RETURN n.`~id`', 'an id as a property, which it is in patterns only'],
    ['MATCH (n) SET n.tags = [1, 2]', 'list-valued properties'],
  ])('would not be %s', (text, fault) => {
    expect(faults(text)).toContain(fault);
  });
});
