import { createHash } from 'node:crypto';
import { type Contribution, type EdgeClaim, edgeId } from '../../domain/graph/contribution.ts';
import { type EdgeType, edgeTypes } from '../../domain/graph/edge-types.ts';
import * as z from '../../domain/zod.ts';
import type { GraphDatabase } from '../../ports/graph-database.ts';
import type { NeptuneClient } from './neptune-client.ts';
import {
  countClaims,
  countEntities,
  countNodes,
  deleteSomeNodes,
  mergeClaims,
  mergeEntities,
  reachable,
} from './queries.ts';

/** Rows in one statement; a statement of a few hundred stays far below Neptune's limits of time and memory. */
const rowsPerStatement = 200;
/** Claims without an end carry this one, so that ends compare as text. */
const endOfTime = '9999-12-31T23:59:59.999Z';

const countRows = z.tuple([z.object({ n: z.number() })]);
const reachRows = z.array(z.object({ uri: z.string(), depth: z.number() }));

/** Entities are nodes labelled `Entity`, claims are relationships of the edge's type, both with their id as `~id`. */
export function createNeptuneGraphDatabase(send: NeptuneClient): GraphDatabase {
  const count = async (query: string) => countRows.parse(await send(query, {}))[0].n;
  return {
    apply: (streamId, version, contribution) => apply(send, { stream: streamId, version }, contribution),
    clearSome: async () => {
      await send(deleteSomeNodes, {});
      return (await count(countNodes)) > 0;
    },
    count: async () => ({ entities: await count(countEntities), claims: await count(countClaims) }),
    reach: async ({ root, direction, depth }) => {
      const rows = reachRows.parse(await send(reachable(direction, depth), { root }));
      // A cycle leads back to the root.
      return rows.filter(({ uri }) => uri !== root);
    },
  };
}

type StreamVersion = { readonly stream: string; readonly version: number };

async function apply(send: NeptuneClient, about: StreamVersion, { entities, claims }: Contribution): Promise<void> {
  const nodes = entities.map(({ uri, type, name, tags, attributes }) => {
    const tagText = tags === undefined ? undefined : `\n${tags.join('\n')}\n`;
    return { uri, type, name, attributes: { ...attributes, ...(tagText !== undefined && { tagText }) } };
  });
  for (const rows of chunks(nodes)) await send(mergeEntities, { ...about, entities: rows });
  const edges = claims.filter(({ suppresses }) => suppresses === undefined);
  for (const [type, ofType] of claimsByType(edges)) {
    for (const rows of chunks(ofType))
      await send(mergeClaims(type), { ...about, claims: rows.map((claim) => claimRow(about.stream, claim)) });
  }
}

function claimRow(stream: string, claim: EdgeClaim) {
  const { from, to, provenance, claimant, validFrom, validTo } = claim;
  const id = createHash('sha256')
    .update(`${stream} ${edgeId(claim)} ${validFrom}`)
    .digest('hex');
  const isPresent = validTo === undefined;
  return { id, from, to, provenance, claimant, validFrom, validTo: validTo ?? endOfTime, isPresent };
}

function claimsByType(claims: readonly EdgeClaim[]): readonly (readonly [EdgeType, readonly EdgeClaim[]])[] {
  const types = Object.keys(edgeTypes) as EdgeType[];
  return types.map((type) => [type, claims.filter((claim) => claim.type === type)]);
}

function chunks<T>(rows: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(rows.length / rowsPerStatement) }, (_, index) =>
    rows.slice(index * rowsPerStatement, (index + 1) * rowsPerStatement),
  );
}
