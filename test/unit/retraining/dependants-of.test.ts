import { expect, it } from 'vitest';
import { createAdjacency } from '../../../shared/domain/graph/adjacency.ts';
import { declareEdges, type Edge, emptyContribution } from '../../../shared/domain/graph/contribution.ts';
import { modelUri, runUri, versionUri } from '../../../shared/domain/graph/entities.ts';
import { dependantsOf } from '../../../shared/domain/retraining/cascade/dependants-of.ts';

const run = runUri('late-live-r1-a1');
const [promoted, made, model] = [versionUri('late-basic', 1), versionUri('late-live', 2), modelUri('late-live')];
const served: readonly Edge[] = [
  { from: model, type: 'servedBy', to: made },
  { from: made, type: 'producedBy', to: run },
];

function dependantsWith(type: Edge['type']): readonly string[] {
  const adjacency = createAdjacency();
  const edges: readonly Edge[] = [...served, { from: run, type, to: promoted }];
  adjacency.replace(
    'some',
    declareEdges(emptyContribution, () => false, edges, '2001-02-05T00:00:00.000Z'),
  );
  return dependantsOf(adjacency, [promoted]).uris;
}

it('a run depends on the version that it read, and so does what it made', () => {
  expect(dependantsWith('consumes')).toEqual([promoted, made, model, run].toSorted());
});

it('a run does not depend on the version whose promotion began it, nor does what it made', () => {
  expect(dependantsWith('triggeredBy')).toEqual([promoted]);
});
