import { checkParsePolicySet, validate } from '@cedar-policy/cedar-wasm/nodejs';
import { describe, expect, it } from 'vitest';
import { authorizeOrThrow, isAuthorized } from '../../../shared/authorization/authorize.ts';
import { actionGroups, policies, schema } from '../../../shared/authorization/policies.ts';
import { type OperationId, routes } from '../../../shared/routes.ts';

const operations = Object.keys(routes) as OperationId[];
const reads: readonly OperationId[] = actionGroups.read;
const ownModel = { modelId: 'late-basic', team: 'flights' };

function allowed(roles: string, resource: { modelId?: string; team?: string } = ownModel): OperationId[] {
  const actor = { id: 'ada', kind: 'person' as const, roles: roles.split(' '), teams: [] };
  return operations.filter((action) => isAuthorized(actor, action, resource));
}

describe('what each role may do with a model of its team', () => {
  it.each<[string, readonly OperationId[]]>([
    ['', []],
    ['stranger', []],
    ['system', []],
    ['editor', []],
    ['viewer', reads],
    [
      'editor:flights',
      [
        ...reads,
        'registerModel',
        'changeLifecycle',
        'changePolicy',
        'declareConsumers',
        'registerVersion',
        'deployVersion',
        'issueWriterKey',
        'rotateWriterKey',
        'revokeWriter',
        'evaluateModel',
        'runBacktest',
        'dryRunPolicy',
        'setAlertBudget',
        'setPolicyDefaults',
        'requestRetrain',
        'attachRun',
        'holdRetrain',
        'releaseRetrain',
        'cancelRetrain',
        'vetoCascade',
        'abortRollout',
        'pauseRollout',
        'resumeRollout',
        'answerLoadProbe',
        'setNotificationTargets',
        'acknowledgeIncident',
        'replayNotification',
        'setEdgeOverride',
        'withdrawEdgeOverride',
        'decideSuggestion',
        'withdrawChampion',
      ],
    ],
    [
      'approver:flights',
      [
        ...reads,
        'deployVersion',
        'abortRollout',
        'pauseRollout',
        'resumeRollout',
        'promoteRollout',
        'withdrawChampion',
        'decideApproval',
        'delegateApproval',
        'holdRetrain',
        'releaseRetrain',
        'bumpRetrain',
        'cancelRetrain',
        'vetoCascade',
        'revokeWriter',
        'distrustWriter',
        'trustWriter',
      ],
    ],
    ['trainer:flights', ['registerVersion', 'getRun', 'completeRun', 'answerLoadProbe']],
    ['label-writer:flights', ['postOutcomes']],
    ['prediction-writer:flights', ['postPredictions']],
    ['graph-importer', ['importGraph', 'openGraphImport', 'putGraphImportPart', 'commitGraphImport', 'getGraphImport']],
    ['admin', operations],
  ])('%j', (roles, expected) => {
    expect(allowed(roles).toSorted()).toEqual([...new Set(expected)].toSorted());
  });
});

it('lets whom an approval was delegated to decide it, and nothing more', () => {
  const bob = { id: 'bob', kind: 'person' as const, roles: ['viewer'], teams: [] };
  const delegated = { team: 'flights', delegates: ['bob'] };
  expect(isAuthorized(bob, 'decideApproval', delegated)).toBe(true);
  expect(isAuthorized({ ...bob, id: 'mallory' }, 'decideApproval', delegated)).toBe(false);
  for (const action of ['delegateApproval', 'promoteRollout', 'abortRollout'] as const)
    expect(isAuthorized(bob, action, delegated)).toBe(false);
});

describe('a model of another team', () => {
  it.each<[string, readonly OperationId[]]>([
    ['editor:search', reads],
    ['approver:search', reads],
    ['trainer:search label-writer:search prediction-writer:search', []],
    ['admin', operations],
  ])('can be touched by %j in reads at most', (roles, expected) => {
    expect(allowed(roles).toSorted()).toEqual([...expected].toSorted());
  });
});

describe('when the team is not known', () => {
  it('only rights for every team count, and the right to send a batch at all', () => {
    expect(allowed('editor:flights approver:flights', {})).toEqual(
      reads.toSorted((a, b) => operations.indexOf(a) - operations.indexOf(b)),
    );
    expect(allowed('trainer:flights', {})).toEqual([]);
    expect(allowed('label-writer:flights', {})).toEqual(['postOutcomes']);
    expect(allowed('prediction-writer:flights', {})).toEqual(['postPredictions']);
  });
});

it('a refusal names the action and the team, never other rights', () => {
  const actor = { id: 'ada', kind: 'person' as const, roles: ['viewer'], teams: [] };
  expect(() => authorizeOrThrow(actor, 'deployVersion', ownModel)).toThrow(
    'no role of ada permits deployVersion for team flights',
  );
});

it('the policies mention only what the schema of actors, resources and actions has', () => {
  const groupsOf = (id: string) =>
    Object.entries(actionGroups).flatMap(([group, actions]) =>
      actions.some((action) => action === id) ? [`"${group}"`] : [],
    );
  const groups = Object.keys(actionGroups).map((group) => `action "${group}";`);
  const actions = operations.map((id) => {
    const parents = groupsOf(id);
    return `action "${id}"${parents.length > 0 ? ` in [${parents.join(', ')}]` : ''} appliesTo { principal: Actor, resource: Resource };`;
  });
  expect(checkParsePolicySet({ staticPolicies: policies })).toEqual({ type: 'success' });
  const answer = validate({
    schema: [schema, ...groups, ...actions].join('\n'),
    policies: { staticPolicies: policies },
  });
  expect(answer).toMatchObject({ type: 'success', validationErrors: [], validationWarnings: [] });
});
