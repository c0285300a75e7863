import type { EdgeHop, Rule } from './rule.ts';

const madeByRun: EdgeHop = { along: ['producedBy'], way: 'out', as: 'run', types: ['pipeline-run'] };
/** A run says which cell it was for by either edge. */
const runOfCell: EdgeHop = { along: ['testedBy', 'partOf'], way: 'out', as: 'cell', types: ['experiment-cell'] };
const cellOfExperiment: EdgeHop = { along: ['partOf'], way: 'out', as: 'experiment', types: ['experiment'] };
const servedByVersion: EdgeHop = { along: ['servedBy'], way: 'out', as: 'version', types: ['model-version'] };
const testedInCell: EdgeHop = { along: ['testedBy'], way: 'out', as: 'cell', types: ['experiment-cell'] };

/** Every inference there is. One more entry is all that a new one takes; docs/enrichment.md lists them. */
export const rules: readonly Rule[] = [
  {
    id: 'version-tested-through-run',
    from: { as: 'version', types: ['model-version'] },
    hops: [madeByRun, runOfCell, cellOfExperiment],
    type: 'testedBy',
    confidence: 0.9,
    evidence: '{run} made {version} for {cell} of {experiment}',
  },
  {
    id: 'version-tested-in-cell',
    from: { as: 'version', types: ['model-version'] },
    hops: [testedInCell, cellOfExperiment],
    type: 'testedBy',
    confidence: 0.98,
    evidence: '{cell} of {experiment} serves {version}',
  },
  {
    id: 'model-tested-through-run',
    from: { as: 'model', types: ['model'] },
    hops: [servedByVersion, madeByRun, runOfCell, cellOfExperiment],
    type: 'testedBy',
    confidence: 0.85,
    evidence: '{version} serves {model}, and {run} made it for {cell} of {experiment}',
  },
  {
    id: 'model-tested-in-cell',
    from: { as: 'model', types: ['model'] },
    hops: [servedByVersion, testedInCell, cellOfExperiment],
    type: 'testedBy',
    confidence: 0.95,
    evidence: '{version} serves {model} in {cell} of {experiment}',
  },
  {
    id: 'feature-through-view',
    from: { as: 'model', types: ['model', 'model-version'] },
    hops: [
      { along: ['consumes'], way: 'out', as: 'view', types: ['feature-view'] },
      { along: ['partOf'], way: 'in', as: 'feature', types: ['feature'] },
    ],
    type: 'consumes',
    // A model that reads a view may leave some of its features out.
    confidence: 0.8,
    evidence: '{model} reads {view}, which {feature} is part of',
  },
  {
    id: 'explained-through-versions',
    from: { as: 'explainer', types: ['model'] },
    hops: [
      { along: ['servedBy'], way: 'out', as: 'explaining', types: ['model-version'] },
      { along: ['explains'], way: 'out', as: 'explained', types: ['model-version'] },
      { along: ['versionOf'], way: 'out', as: 'model', types: ['model'] },
    ],
    type: 'explains',
    confidence: 0.9,
    evidence: '{explaining} serves {explainer} and explains {explained} of {model}',
  },
  {
    id: 'explained-by-tag',
    from: { as: 'explainer', types: ['model', 'model-version'] },
    hops: [{ named: { tag: 'explains' }, as: 'model', types: ['model', 'model-version'] }],
    type: 'explains',
    confidence: 0.95,
    evidence: '{explainer} is tagged explains::{model}',
  },
  {
    id: 'dataset-through-run',
    from: { as: 'version', types: ['model-version', 'model'] },
    hops: [madeByRun, { along: ['consumes'], way: 'out', as: 'dataset', types: ['dataset'] }],
    type: 'trainedOn',
    confidence: 0.85,
    evidence: '{run} made {version} and read {dataset}',
  },
  {
    id: 'pipeline-through-run',
    from: { as: 'version', types: ['model-version', 'model'] },
    hops: [madeByRun, { along: ['runOf'], way: 'out', as: 'pipeline', types: ['pipeline'] }],
    type: 'producedBy',
    confidence: 0.98,
    evidence: '{run} of {pipeline} made {version}',
  },
  {
    id: 'run-by-name',
    from: { as: 'version', types: ['model-version'] },
    hops: [{ named: { attribute: 'trainingRun' }, as: 'run', types: ['pipeline-run'] }],
    type: 'producedBy',
    confidence: 0.95,
    evidence: '{version} names {run} as its training run',
  },
  {
    id: 'version-of-artifact',
    from: { as: 'version', types: ['model-version'] },
    hops: [{ same: 'digest', as: 'artifact', types: ['artifact'] }],
    type: 'derivedFrom',
    confidence: 0.95,
    evidence: '{version} and {artifact} have the same digest',
  },
  {
    id: 'tuned-from-artifact',
    from: { as: 'version', types: ['model-version'] },
    hops: [
      madeByRun,
      { along: ['consumes'], way: 'out', as: 'artifact', types: ['artifact'] },
      { same: 'digest', as: 'origin', types: ['model-version'] },
    ],
    type: 'derivedFrom',
    confidence: 0.8,
    evidence: '{run} made {version} and read {artifact}, which has the digest of {origin}',
  },
  {
    id: 'same-digest',
    from: { as: 'one', types: ['artifact', 'dataset'] },
    hops: [{ same: 'digest', as: 'other', types: ['artifact', 'dataset'] }],
    type: 'aliasOf',
    // Equal bytes may be two things, e.g. two empty files: a person decides.
    confidence: 0.6,
    evidence: '{one} and {other} have the same digest',
  },
  {
    id: 'team-of-owner',
    from: { as: 'owned' },
    hops: [
      { along: ['ownedBy'], way: 'out', as: 'person', types: ['person'] },
      { along: ['memberOf'], way: 'out', as: 'team', types: ['team'] },
    ],
    type: 'ownedBy',
    confidence: 0.8,
    evidence: '{person} of {team} owns {owned}',
  },
];
