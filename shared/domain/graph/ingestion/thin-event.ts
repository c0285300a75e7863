import * as z from '../../zod.ts';
import { entityIdSchema } from '../entity-ref.ts';
import { type ProviderId, providerIdPattern } from '../provider-contribution.ts';

/** What of which source, in the source's own words: `type` is a kind of event or of entity. */
export type ProviderRef = { readonly type: string; readonly id: string };

/** Something happened to it. Not what: the full current state is read, so neither order nor number of events matters. */
export type ThinEvent = ProviderRef & { readonly provider: ProviderId };

/** An event on its way, `depth` references away from what somebody told, tried `attempt` times before. */
export type HydrationRequest = ThinEvent & { readonly depth: number; readonly attempt: number };

const refSchema = z.object({ type: z.string().regex(/^[\w.:-]{1,100}$/), id: entityIdSchema });

export const providerIdSchema = z.string().regex(providerIdPattern, 'expected lower-case letters, digits and dashes');

export const thinEventSchema = refSchema.extend({ provider: providerIdSchema });

/** A webhook says its provider in its address. */
export const thinEventBodySchema = z.union([refSchema, z.array(refSchema).min(1).max(100)]);

const requestSchema = thinEventSchema.extend({
  depth: z.number().int().min(0).max(20).default(0),
  attempt: z.number().int().min(0).max(100).default(0),
});

/** How a message says it: as it is, in the `detail` of an event of the bus, or in the text of a notification of SNS. */
const messageSchema = z.union([
  z.object({ 'detail-type': z.string(), detail: requestSchema }).transform(({ detail }) => detail),
  z.object({ Type: z.literal('Notification'), Message: z.string().max(262_144) }).transform(({ Message }, context) => {
    const parsed = requestSchema.safeParse(jsonOf(Message));
    if (parsed.success) return parsed.data;
    context.addIssue('expected Message to be a thin event in JSON');
    return z.NEVER;
  }),
  requestSchema,
]);

export { messageSchema as hydrationMessageSchema };

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
