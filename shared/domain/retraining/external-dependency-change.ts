import { parseEntityRef } from '../graph/entity-ref.ts';
import { dependencyChanges } from '../registry/dependency-change.ts';
import * as z from '../zod.ts';
import { externalReasonSchema } from './external-trigger.ts';

/** `detail` of the event `DependencyChange` on the bus. */
export const dependencyChangeSchema = z.object({
  uri: z.string().transform((uri, context) => {
    try {
      parseEntityRef(uri);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
    }
    return uri;
  }),
  change: z.enum(dependencyChanges),
  reason: externalReasonSchema,
});

/** `source` and `eventId` are the same when it comes again. */
export type ExternalDependencyChange = z.infer<typeof dependencyChangeSchema> & {
  readonly source: string;
  readonly eventId: string;
};
