import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createNeptune } from '../../local/engines/neptune.ts';
import type { Rows } from '../../shared/adapters/neptune/neptune-client.ts';
import { createNeptuneGraphDatabase } from '../../shared/adapters/neptune/neptune-graph-database.ts';
import { ruleQuery } from '../../shared/adapters/neptune/rule-query.ts';
import { createAdjacency } from '../../shared/domain/graph/adjacency.ts';
import { evaluateRule } from '../../shared/domain/graph/enrichment/evaluate-rule.ts';
import type { Rule } from '../../shared/domain/graph/enrichment/rule.ts';
import { createRuleGraph } from '../../shared/domain/graph/enrichment/rule-graph.ts';
import { rules } from '../../shared/domain/graph/enrichment/rules.ts';
import { contributionId, restate } from '../../shared/domain/graph/provider-contribution.ts';
import type { StreamContribution } from '../../shared/ports/graph-database.ts';
import { statements, uris } from '../unit/graph/enrichment/drawn-graph.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'runway-rules-'));
const engine = createNeptune({ path: path.join(folder, 'rules') });
const send = async (query: string, parameters: Readonly<Record<string, unknown>>) =>
  (await engine.run(query, parameters)) as Rows;
const database = createNeptuneGraphDatabase(send);
afterAll(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

const namesOf = ({ from, hops }: Rule) => [from.as, ...hops.map(({ as }) => as)];

describe('a rule', () => {
  it('finds the same paths as openCypher and in memory', async () => {
    const found = new Set<string>();
    await fc.assert(
      fc.asyncProperty(statements, statements, async (before, after) => {
        while (await database.clearSome());
        const adjacency = createAdjacency();
        const streams: StreamContribution[] = [];
        for (const [index, { subject }] of after.entries()) {
          const streamId = contributionId('dbt', subject);
          const said = (statement: (typeof after)[number], hour: number, previous?: ReturnType<typeof restate>) =>
            restate(previous, { provider: 'dbt', statement, at: `2001-02-01T0${hour}:00:00.000Z` });
          // What was said first and is said no longer has ended, in both.
          const contribution = said(after[index]!, 2, said({ subject, edges: before[index]!.edges }, 1));
          adjacency.replace(streamId, contribution);
          streams.push({ streamId, version: 1, contribution });
        }
        await database.applyMany(streams);
        const graph = createRuleGraph(adjacency);
        for (const rule of rules) {
          const rows = await send(ruleQuery(rule), {});
          const asked = rows
            .map((row) =>
              namesOf(rule)
                .map((name) => row[name])
                .join(' '),
            )
            .toSorted();
          const walked = uris.flatMap((uri) => evaluateRule(graph, rule, uri).map((binding) => binding.join(' ')));
          expect([rule.id, asked]).toEqual([rule.id, walked.toSorted()]);
          if (asked.length > 0) found.add(rule.id);
        }
      }),
      { numRuns: 40, seed: 7 },
    );
    // The graphs that are drawn would not find a difference in a rule that never applies.
    expect([...found].toSorted()).toEqual(rules.map(({ id }) => id).toSorted());
  }, 120_000);
});
