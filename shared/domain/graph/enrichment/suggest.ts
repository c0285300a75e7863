import type { Adjacency } from '../adjacency.ts';
import { type Edge, edgeId } from '../contribution.ts';
import { type EntityUri, parseEntityRef } from '../entity-ref.ts';
import { inferFrom, isMaterialized } from './infer.ts';
import { type NameIndex, namesakesOf } from './name-index.ts';
import { nameKey } from './name-key.ts';
import type { RuleGraph } from './rule-graph.ts';
import { recommendedFor } from './similar.ts';

export type SuggestionKind = 'rule' | 'same-name' | 'recommended-feature';

/** A relation that may be missing; nothing walks it until a person accepts it. */
export type Suggestion = Edge & {
  readonly suggestionId: string;
  readonly kind: SuggestionKind;
  /** 0..1: how much speaks for it; of different kinds not to be compared. */
  readonly score: number;
  /** In words. */
  readonly why: string;
};

/** Names of fewer letters are the same by chance. */
const shortestName = 4;
const sameNameScore = 0.5;
const leastShare = 0.3;
const maximumRecommended = 5;

export type SuggestionInput = {
  readonly adjacency: Adjacency;
  readonly rules: RuleGraph;
  readonly named: NameIndex;
};

/** What may be missing of the entity, surest first; without what is claimed already. */
export function suggestFrom(graph: SuggestionInput, uri: EntityUri): readonly Suggestion[] {
  const claimed = new Set(graph.rules.premisesFrom(uri).map(edgeId));
  return [...ruled(graph.rules, uri), ...sameNames(graph, uri), ...recommended(graph.adjacency, uri)]
    .filter((suggestion) => !claimed.has(edgeId(suggestion)))
    .toSorted((a, b) => b.score - a.score || (a.suggestionId < b.suggestionId ? -1 : 1));
}

/** As it is in an address; holds the edge. */
export function suggestionIdOf({ from, type, to }: Edge): string {
  return Buffer.from(edgeId({ from, type, to })).toString('base64url');
}

function suggestion(edge: Edge, rest: Omit<Suggestion, keyof Edge | 'suggestionId'>): Suggestion {
  return { ...edge, ...rest, suggestionId: suggestionIdOf(edge) };
}

function ruled(rules: RuleGraph, uri: EntityUri): readonly Suggestion[] {
  return inferFrom(rules, uri)
    .filter((edge) => !isMaterialized(edge))
    .filter(({ type, from, to }) => type !== 'aliasOf' || isLesser(to, from))
    .map(({ from, type, to, confidence, evidence }) =>
      suggestion({ from, type, to }, { kind: 'rule', score: confidence, why: evidence }),
    );
}

/** Of two names the same one is canonical whoever asks. */
const isLesser = (one: EntityUri, other: EntityUri) => one < other;

function sameNames({ adjacency, named, rules }: SuggestionInput, uri: EntityUri): readonly Suggestion[] {
  const { name, state } = rules.record(uri);
  if (nameKey(name).length < shortestName || state === 'placeholder' || state === 'tombstone') return [];
  return namesakesOf(adjacency, named, uri)
    .filter((other) => isLesser(other, uri))
    .map((to) => {
      const why = `both are called ${name}, by ${parseEntityRef(uri).platform} and ${parseEntityRef(to).platform}`;
      return suggestion({ from: uri, type: 'aliasOf', to }, { kind: 'same-name', score: sameNameScore, why });
    });
}

function recommended(adjacency: Adjacency, uri: EntityUri): readonly Suggestion[] {
  const { type } = parseEntityRef(uri);
  if (type !== 'model' && type !== 'pipeline') return [];
  return recommendedFor(adjacency, uri, maximumRecommended)
    .filter(({ uri: used, score }) => score >= leastShare && parseEntityRef(used).type === 'feature')
    .map(({ uri: used, score, usedBy }) =>
      suggestion(
        { from: uri, type: 'consumes', to: used },
        { kind: 'recommended-feature', score, why: `used by similar ones: ${usedBy.join(', ')}` },
      ),
    );
}
