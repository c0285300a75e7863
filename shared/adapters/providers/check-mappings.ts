import jsonata from 'jsonata';
import { RunwayError } from '../../domain/errors.ts';
import type { ProviderConfiguration } from '../../domain/graph/ingestion/provider-configuration.ts';

/** Throws `InvalidRequest` for the first expression that is no JSONata; nothing is evaluated. */
export function checkMappings(configuration: ProviderConfiguration): void {
  if (configuration.kind !== 'http') return;
  for (const [index, { hydrate, list }] of configuration.entities.entries()) {
    const expressions = { 'hydrate/statement': hydrate.statement, ...inList(list) };
    for (const [field, expression] of Object.entries(expressions))
      if (expression !== undefined) check(`/entities/${index}/${field}`, expression);
  }
}

function inList(
  list:
    | {
        readonly items?: string | undefined;
        readonly id: string;
        readonly version?: string | undefined;
        readonly next?: string | undefined;
      }
    | undefined,
) {
  return { 'list/items': list?.items, 'list/id': list?.id, 'list/version': list?.version, 'list/next': list?.next };
}

function check(field: string, expression: string): void {
  try {
    jsonata(expression);
  } catch (error) {
    const { message: fault, position } = error as { readonly message?: string; readonly position?: number };
    const reason = `${fault ?? 'no JSONata'} at character ${position ?? 0}`;
    throw new RunwayError('InvalidRequest', 'invalid-mapping', `${field}: ${reason}`, [
      { field, code: 'invalid', reason },
    ]);
  }
}
