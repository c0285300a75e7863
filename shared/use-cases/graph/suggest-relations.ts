import type { Actor } from '../../domain/actor.ts';
import { notFound, RunwayError } from '../../domain/errors.ts';
import type { Adjacency } from '../../domain/graph/adjacency.ts';
import { type Edge, edgeId } from '../../domain/graph/contribution.ts';
import { isEdgeType } from '../../domain/graph/edge-types.ts';
import { createNameIndex } from '../../domain/graph/enrichment/name-index.ts';
import { createRuleGraph } from '../../domain/graph/enrichment/rule-graph.ts';
import { type Suggestion, suggestFrom } from '../../domain/graph/enrichment/suggest.ts';
import type { EntityUri } from '../../domain/graph/entity-ref.ts';
import type { Instant } from '../../domain/time.ts';
import type { SuggestionRejections } from '../../ports/suggestion-rejections.ts';
import { findEntity } from './find-entity.ts';
import { type OverridePorts, setOverride } from './override-edges.ts';
import { entitiesOfTeam } from './view-quality.ts';

type Ports = { readonly graph: () => Promise<Adjacency>; readonly rejections: SuggestionRejections };
type Request = {
  readonly uri?: EntityUri | undefined;
  readonly team?: string | undefined;
  readonly limit: number;
};

/** Of a team no more entities are looked at. */
const maximumEntities = 500;

/**
 * Surest first; without what was rejected. Throws `NotFound` (code `unknown-entity`), `InvalidRequest` (code
 * `invalid-suggestion-query`) unless an entity or a team is named.
 */
export async function listSuggestions(
  { graph, rejections }: Ports,
  { uri, team, limit }: Request,
): Promise<{ readonly items: readonly Suggestion[]; readonly truncated: boolean }> {
  const [adjacency, rejected] = await Promise.all([graph(), rejections.all()]);
  const asked = entitiesAsked(adjacency, uri, team);
  const input = inputOf(adjacency);
  const found = asked
    .slice(0, maximumEntities)
    .flatMap((each) => suggestFrom(input, each))
    .filter((suggestion) => !rejected.has(edgeId(suggestion)))
    .toSorted((a, b) => b.score - a.score || (a.suggestionId < b.suggestionId ? -1 : 1));
  return { items: found.slice(0, limit), truncated: found.length > limit || asked.length > maximumEntities };
}

function entitiesAsked(graph: Adjacency, uri: EntityUri | undefined, team: string | undefined): readonly EntityUri[] {
  if (uri !== undefined && team === undefined) return [findEntity(graph, uri, undefined).uri];
  if (uri === undefined && team !== undefined) return entitiesOfTeam(graph, team);
  const received = uri === undefined ? 'neither' : 'both';
  throw new RunwayError('InvalidRequest', 'invalid-suggestion-query', `${received}, expected either uri or team`);
}

/** The edge that the id of a suggestion holds; undefined when it is none. */
export function edgeOfSuggestion(suggestionId: string): Edge | undefined {
  const [from = '', type = '', to = '', ...more] = Buffer.from(suggestionId, 'base64url').toString().split(' ');
  if (!isEdgeType(type) || to === '' || more.length > 0) return undefined;
  return { from, type, to };
}

type Decision = { readonly suggestionId: string; readonly decision: 'accept' | 'reject'; readonly reason: string };

/** Throws `NotFound` (code `unknown-suggestion`) unless it is still made. */
export async function decideSuggestion(
  ports: Omit<Ports, 'graph'> & OverridePorts,
  { suggestionId, decision, reason }: Decision,
  by: { readonly actor: Actor; readonly now: Instant },
): Promise<Suggestion & Pick<Decision, 'decision'>> {
  const edge = edgeOfSuggestion(suggestionId);
  const suggestion =
    edge &&
    suggestFrom(inputOf(await ports.graph(by.now)), edge.from).find((each) => each.suggestionId === suggestionId);
  if (edge === undefined || suggestion === undefined) throw notFound('suggestion', suggestionId);
  if (decision === 'accept') await setOverride(ports, { ...edge, effect: 'add', reason }, by);
  else await ports.rejections.reject({ edge, by: by.actor.id, reason, at: by.now });
  return { ...suggestion, decision };
}

function inputOf(adjacency: Adjacency) {
  return { adjacency, rules: createRuleGraph(adjacency), named: createNameIndex(adjacency) };
}
