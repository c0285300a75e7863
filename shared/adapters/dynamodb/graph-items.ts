import { createHash } from 'node:crypto';
import type { Contribution } from '../../domain/graph/contribution.ts';
import { packJson, unpackJson } from '../../domain/ground-truth/packed-json.ts';
import { dayMillis, type Instant, toMillis } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import { contributionParts, type GraphChange, type StoredContribution } from '../../ports/graph-store.ts';

/** A reader that has slept longer than the log is kept loads everything again. */
const logDays = 30;

export const headKey = { pk: 'log', sk: 'head' };
// Twelve digits sort as text, and before `head`.
export const changeKey = (change: number) => ({ pk: 'log', sk: `change#${String(change).padStart(12, '0')}` });

const contributionItem = z.object({
  sk: z.string(),
  version: z.number(),
  appliedVersion: z.number(),
  change: z.number(),
  revision: z.number(),
  contribution: z.instanceof(Uint8Array),
});
const changeItem = z.object({ change: z.number(), contributions: z.instanceof(Uint8Array) });
export const keyItem = z.object({ sk: z.string() });
export const headItem = z.object({ change: z.number() });

export function keyOf(streamId: string): { readonly pk: string; readonly sk: string } {
  // What several providers say of an entity stands side by side.
  const [subject = streamId] = streamId.split(' ', 1);
  const shard = (createHash('sha256').update(subject).digest()[0] ?? 0) % contributionParts;
  return { pk: `contributions#${shard}`, sk: streamId };
}

// What is packed are our own bytes, under a key that names what they are.
export function readContribution(item: unknown): StoredContribution {
  const { sk: streamId, contribution, ...rest } = contributionItem.parse(item);
  return { streamId, ...rest, contribution: unpackJson(contribution) as Contribution };
}

export function readChange(item: unknown): GraphChange {
  const { change, contributions } = changeItem.parse(item);
  return { change, contributions: unpackJson(contributions) as GraphChange['contributions'] };
}

/** Entry of the log for what was written at once. */
export function changeEntry({ change, contributions, now }: GraphChange & { readonly now: Instant }) {
  const expiresAt = Math.floor((toMillis(now) + logDays * dayMillis) / 1_000);
  return { ...changeKey(change), change, contributions: packJson(contributions), expiresAt };
}
