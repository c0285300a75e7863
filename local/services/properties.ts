import * as z from 'zod';
import { type ResolvedResource, ServiceError } from '../types.ts';

/** Reads what is emulated of a resource's properties; throws an Error naming the resource and what is wrong. */
export function parseProperties<T>(resource: ResolvedResource, schema: z.ZodType<T>): T {
  const result = schema.safeParse(resource.properties);
  if (result.success) return result.data;
  throw unsupported(resource, describeIssues(result.error));
}

/** The error for template content that the embedded cloud does not emulate. */
export function unsupported(resource: ResolvedResource, what: string): Error {
  return new Error(`${resource.type} ${resource.logicalId}: ${what}`);
}

/** Reads a request; throws a ServiceError with `code` naming what is wrong. */
export function parseInput<T>(input: unknown, schema: z.ZodType<T>, code: string): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new ServiceError(code, describeIssues(result.error));
}

/** Where failed work goes. */
export const destinationSchema: z.ZodType<{ readonly OnFailure?: { readonly Destination: string } | undefined }> =
  z.object({ OnFailure: z.object({ Destination: z.string() }).optional() });

function describeIssues(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'properties'}: ${issue.message}`).join('; ');
}
