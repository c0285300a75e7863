import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rulesTable } from '../../../../scripts/rules-table.ts';
import { isEdgeHop } from '../../../../shared/domain/graph/enrichment/rule.ts';
import { rules } from '../../../../shared/domain/graph/enrichment/rules.ts';

describe('the rules', () => {
  test('stand in the documentation as they are', () => {
    expect(readFileSync('docs/enrichment.md', 'utf8')).toContain(rulesTable());
  });

  test.each(rules.map((rule) => [rule.id, rule] as const))('%s names what its path binds', (_id, rule) => {
    const names = [rule.from.as, ...rule.hops.map(({ as }) => as)];
    const said = [...rule.evidence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(said.toSorted()).toEqual([...new Set(names)].toSorted());
    expect(rule.confidence).toBeGreaterThan(0);
    expect(rule.confidence).toBeLessThanOrEqual(1);
  });

  test('compare values in the last hop alone, for what changes before it is found by walking back', () => {
    for (const { hops } of rules) expect(hops.slice(0, -1).every(isEdgeHop)).toBe(true);
  });

  test('have different ids', () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });
});
