import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { comparePolicies as comparison, listDecisions as operation } from '../../../shared/api/decisions.ts';
import { ruleVariables } from '../../../shared/domain/retraining/rules/rule-type.ts';
import { comparePolicies } from '../../../shared/use-cases/registry/compare-policies.ts';
import { decideRetrain } from '../../../shared/use-cases/retraining/decide-retrains.ts';
import { dryRunPolicy } from '../../../shared/use-cases/retraining/dry-run-policy.ts';
import { listDecisions } from '../../../shared/use-cases/retraining/view-decisions.ts';
import { breach, day, evaluationOf, policyWith } from './flight-models.ts';
import { command, createWorld, deploy, type World } from './memory-world.ts';
import { rule } from './rule-facts.ts';

let world: World;
beforeEach(async () => {
  world = createWorld();
  await deploy(world);
});

const withRules = (...rules: ReturnType<typeof rule>[]) =>
  policyWith(({ retraining }) => ({ retraining: { ...retraining, rules } }));

describe('the decisions about a model', () => {
  it('are listed newest first, page by page, each in words and made again', async () => {
    await decideRetrain(world, 'late-basic', day(1));
    await command(world, 'late-basic', { type: 'ChangePolicy', policy: withRules(rule('true', { then: 'alert' })) });
    await decideRetrain(world, 'late-basic', day(2));
    await decideRetrain(world, 'late-basic', day(30));
    const first = await listDecisions(world.events, 'late-basic', { limit: 2 });
    expect(operation.response.parse(JSON.parse(JSON.stringify(first))).items).toHaveLength(2);
    expect(first.items.map(({ words }) => words)).toEqual([
      'retrained because the training data may be 30 days old at most (rule backstop); rule a-rule also says alert: the owner wants it so',
      'alerted because the owner wants it so (rule a-rule)',
    ]);
    expect(first.items.every(({ replay }) => replay.isIdentical)).toBe(true);
    const second = await listDecisions(world.events, 'late-basic', { limit: 2, cursor: first.cursor });
    expect(second).toMatchObject({ items: [{ words: 'not retrained because no evaluation yet' }] });
    expect(second.cursor).toBeUndefined();
  });

  it('are none before the first', async () => {
    expect(await listDecisions(world.events, 'late-basic', { limit: 2 })).toEqual({ items: [] });
    await expect(listDecisions(world.events, 'gone', { limit: 2 })).rejects.toMatchObject({ code: 'unknown-model' });
  });
});

describe('a dry run', () => {
  it('says what another policy would do now, and writes nothing', async () => {
    await world.evaluations.put(evaluationOf([breach('dataDrift')], day(3)));
    const request = { modelId: 'late-basic', now: day(3) };
    expect((await dryRunPolicy(world, request)).decision.action).toBe('retrain');
    const quiet = withRules(rule('signals.dataDrift.verdict == "breach"', { then: 'nothing' }));
    expect(await dryRunPolicy(world, { ...request, policy: quiet })).toMatchObject({
      decision: { action: 'nothing', matched: [{ name: 'a-rule' }] },
      facts: { variables: { signals: { dataDrift: { verdict: 'breach', pValue: 1e-12 } } } },
    });
    expect(await world.events.head('decisions#late-basic')).toBeUndefined();
    expect(await world.model()).toMatchObject({ retrainCount: 0 });
  });

  it('refuses rules that cannot be evaluated', async () => {
    const request = { modelId: 'late-basic', now: day(3), policy: withRules(rule('nope')) };
    await expect(dryRunPolicy(world, request)).rejects.toMatchObject({
      problems: [{ field: '/policy/retraining/rules/0/when' }],
    });
  });
});

describe('two versions of a policy', () => {
  it('are compared value by value, rules by name', async () => {
    const [first, second] = [rule('true', { name: 'first' }), rule('false', { name: 'second' })];
    await command(world, 'late-basic', { type: 'ChangePolicy', policy: { ...withRules(second), windowDays: 3 } });
    await command(world, 'late-basic', { type: 'ChangePolicy', policy: withRules(first, { ...second, priority: 7 }) });
    const compared = await comparePolicies(world.events, { modelId: 'late-basic', from: 2 });
    expect(comparison.response.parse(compared)).toMatchObject({ from: { policyVersion: 2 }, to: { policyVersion: 3 } });
    expect(compared.changes).toEqual([
      { path: '/windowDays', from: 3, to: 7 },
      { path: '/retraining/rules/second/priority', from: 10, to: 7 },
      { path: '/retraining/rules/first', from: null, to: first },
    ]);
    const request = { modelId: 'late-basic', from: 9 };
    await expect(comparePolicies(world.events, request)).rejects.toMatchObject({ code: 'unknown-policy-version' });
  });
});

describe('docs/policies.md', () => {
  it('names every variable', () => {
    const text = readFileSync(new URL('../../../docs/policies.md', import.meta.url), 'utf8');
    const names = Object.entries(ruleVariables).flatMap(([name, { type }]) =>
      type.kind === 'object' && name !== 'signals'
        ? Object.keys(type.fields).map((field) => `${name}.${field}`)
        : [name],
    );
    expect(names.filter((name) => !text.includes(name))).toEqual([]);
  });
});
