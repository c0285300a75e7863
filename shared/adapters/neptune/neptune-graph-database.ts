import { createHash } from 'node:crypto';
import { type Contribution, type EdgeClaim, edgeId } from '../../domain/graph/contribution.ts';
import { type Entity, entityOf } from '../../domain/graph/entities.ts';
import type { EntityUri } from '../../domain/graph/entity-ref.ts';
import * as z from '../../domain/zod.ts';
import type { GraphDatabase, ReachRequest, StreamContribution } from '../../ports/graph-database.ts';
import type { NeptuneClient } from './neptune-client.ts';
import {
  countClaims,
  countEntities,
  countNodes,
  deleteSomeNodes,
  mergeClaims,
  mergeEntities,
  mergeMentions,
  neighbours,
} from './queries.ts';

/** Rows in one statement; a statement of a few hundred stays far below Neptune's limits of time and memory. */
const rowsPerStatement = 200;
const urisPerStatement = 2_000;
const reservedNames: ReadonlySet<string> = new Set(['type', 'name', 'tagText', 'isDescribed', '~id']);
/** Claims without an end carry this one, so that ends compare as text. */
const endOfTime = '9999-12-31T23:59:59.999Z';

const countRows = z.tuple([z.object({ n: z.number() })]);
const neighbourRows = z.array(z.object({ uri: z.string() }));

/** Entities are nodes labelled `Entity`, claims are relationships of the edge's type, both with their id as `~id`. */
export function createNeptuneGraphDatabase(send: NeptuneClient): GraphDatabase {
  const count = async (query: string) => countRows.parse(await send(query, {}))[0].n;
  return {
    apply: (streamId, version, contribution) => applyMany(send, [{ streamId, version, contribution }]),
    applyMany: (said) => applyMany(send, said),
    clearSome: async () => {
      await send(deleteSomeNodes, {});
      return (await count(countNodes)) > 0;
    },
    count: async () => ({ entities: await count(countEntities), claims: await count(countClaims) }),
    reach: (request) => reach(send, request),
  };
}

/** Level by level, so that every entity and every edge is looked at once. */
async function reach(send: NeptuneClient, { root, direction, depth }: ReachRequest) {
  const depths = new Map<EntityUri, number>([[root, 0]]);
  let frontier: readonly EntityUri[] = [root];
  for (let level = 1; level <= depth && frontier.length > 0; level += 1) {
    const found = new Set<EntityUri>();
    for (const uris of chunks(frontier, urisPerStatement)) {
      const rows = neighbourRows.parse(await send(neighbours(direction), { frontier: uris }));
      for (const { uri } of rows) if (!depths.has(uri)) found.add(uri);
    }
    for (const uri of found) depths.set(uri, level);
    frontier = [...found];
  }
  // A cycle leads back to the root.
  depths.delete(root);
  return [...depths].map(([uri, level]) => ({ uri, depth: level })).toSorted((a, b) => (a.uri < b.uri ? -1 : 1));
}

async function applyMany(send: NeptuneClient, said: readonly StreamContribution[]): Promise<void> {
  const rowsOf = <T>(rows: (contribution: Contribution) => readonly T[]) =>
    said.flatMap(({ streamId: stream, version, contribution }) =>
      rows(contribution).map((row) => ({ stream, version, ...row })),
    );
  for (const rows of chunks(rowsOf(descriptionRows))) await send(mergeEntities, { rows });
  for (const rows of chunks(rowsOf(mentionRows))) await send(mergeMentions, { rows });
  const claims = said.flatMap(({ streamId, version, contribution }) =>
    contribution.claims.filter(isEdge).map((claim) => [claim.type, { version, ...claimRow(streamId, claim) }] as const),
  );
  for (const [type, ofType] of Map.groupBy(claims, ([each]) => each))
    for (const rows of chunks(ofType)) await send(mergeClaims(type), { rows: rows.map(([, row]) => row) });
}

const isEdge = ({ suppresses }: EdgeClaim) => suppresses === undefined;

function descriptionRows({ entities }: Contribution) {
  return entities
    .filter(({ attributes }) => attributes !== undefined)
    .map(({ uri, type, name, tags, attributes }) => {
      const tagText = tags === undefined ? undefined : `\n${tags.join('\n')}\n`;
      const described = { ...plainAttributes(attributes), ...(tagText !== undefined && { tagText }) };
      return { uri, type, name, attributes: described };
    });
}

/** A property of Neptune is one value, and these names are taken. */
function plainAttributes(attributes: Entity['attributes'] = {}) {
  const own = Object.entries(attributes).filter(([key]) => !reservedNames.has(key));
  return Object.fromEntries(own.map(([key, value]) => [key, typeof value === 'object' ? value.join(', ') : value]));
}

function mentionRows({ entities, claims }: Contribution) {
  const described = new Set(entities.filter(({ attributes }) => attributes !== undefined).map(({ uri }) => uri));
  const named = [...entities.map(({ uri }) => uri), ...claims.filter(isEdge).flatMap(({ from, to }) => [from, to])];
  return [...new Set(named)]
    .filter((uri) => !described.has(uri))
    .map((uri) => {
      const { type, name } = entityOf(uri);
      return { uri, type, name };
    });
}

function claimRow(stream: string, claim: EdgeClaim) {
  const { from, to, provenance, claimant, validFrom, validTo } = claim;
  const id = createHash('sha256')
    .update(`${stream} ${edgeId(claim)} ${validFrom}`)
    .digest('hex');
  const isPresent = validTo === undefined;
  return { stream, id, from, to, provenance, claimant, validFrom, validTo: validTo ?? endOfTime, isPresent };
}

function chunks<T>(rows: readonly T[], size = rowsPerStatement): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  );
}
