import { RunwayError } from '../../../domain/errors.ts';
import { type EntityUri, formatEntityRef, parseEntityRef } from '../../../domain/graph/entity-ref.ts';
import type { HttpConfiguration, HttpEntity } from '../../../domain/graph/ingestion/provider-configuration.ts';
import type { ProviderRef } from '../../../domain/graph/ingestion/thin-event.ts';
import type { Listed, Provider } from '../../../ports/provider.ts';
import { dependencyUnavailable } from '../../dependency-error.ts';
import type { BoundedJsonata, Evaluation } from '../bounded-jsonata.ts';
import type { ProviderHttp } from '../provider-http.ts';
import { statementOf } from './mapped-statement.ts';

export type HttpProviderOptions = {
  readonly provider: string;
  readonly configuration: HttpConfiguration;
  readonly get: ProviderHttp;
  readonly mapping: BoundedJsonata;
};

/** Where a listing stands: at a page of one of the kinds. */
type Place = { readonly kind: number; readonly page?: string | undefined };

/** A source that a document describes: where to read, and how its answers become statements. */
export function createHttpProvider(options: HttpProviderOptions): Provider {
  const { provider, configuration } = options;
  const platform = configuration.platform ?? provider;
  const kindOf = (type: string) =>
    configuration.entities.find((entity) => entity.type === type || entity.events.includes(type));
  const ownKindOf = (subject: EntityUri) => {
    const { type, platform: of } = parseEntityRef(subject);
    return of === platform ? configuration.entities.find((kind) => kind.type === type) : undefined;
  };
  const uriOf = ({ type }: HttpEntity, id: string) => formatEntityRef({ type, platform, id });
  return {
    subjectOf: ({ type, id }) => {
      const kind = kindOf(type);
      return kind && uriOf(kind, id);
    },
    refOf: (subject) => {
      const kind = ownKindOf(subject);
      return kind && { type: kind.type, id: parseEntityRef(subject).id };
    },
    lists: (subject) => ownKindOf(subject)?.list !== undefined,
    hydrate: async (ref, request) => {
      const kind = knownKind(kindOf(ref.type), ref);
      const { isFound, body } = await options.get(pathOf(kind.hydrate.path, ref.id), request);
      if (!isFound) return 'gone';
      const expression = kind.hydrate.statement;
      const [mapped] = await options.mapping.evaluate([{ expression, input: body, bindings: { id: ref.id } }]);
      return [statementOf(uriOf(kind, ref.id), mapped)];
    },
    list: async (cursor, now) => {
      const place: Place = cursor === undefined ? { kind: 0 } : JSON.parse(cursor);
      const kind = configuration.entities[place.kind];
      if (kind?.list === undefined) return { listed: [], statements: [], ...nextKind(configuration, place) };
      const { isFound, body } = await options.get(place.page ?? kind.list.path, { now, fresh: true });
      if (!isFound) throw dependencyUnavailable(provider, new Error('the listing was not found'));
      const { ids, versions, next } = await readPage(options.mapping, kind.list, body);
      const listed = ids.map((id, index): Listed => {
        const version = versions[index];
        return {
          subject: uriOf(kind, id),
          ref: { type: kind.type, id },
          ...(version !== undefined && { version }),
        };
      });
      const after =
        next === undefined ? nextKind(configuration, place) : { cursor: JSON.stringify({ ...place, page: next }) };
      return { listed, statements: [], ...after };
    },
  };
}

function knownKind(kind: HttpEntity | undefined, { type }: ProviderRef): HttpEntity {
  if (kind === undefined) throw new RunwayError('MalformedRecord', 'unknown-kind', `no things of type ${type}`);
  return kind;
}

function nextKind({ entities }: HttpConfiguration, { kind }: Place): { readonly cursor?: string } {
  return kind + 1 < entities.length ? { cursor: JSON.stringify({ kind: kind + 1 }) } : {};
}

/** `{id}` and the parts between its slashes, each as one segment of the path. */
function pathOf(path: string, id: string): string {
  const parts = id.split('/');
  return path.replace(/\{(id|\d)\}/g, (_match, name: string) =>
    encodeURIComponent(name === 'id' ? id : (parts[Number(name)] ?? '')),
  );
}

type Page = {
  readonly ids: readonly string[];
  readonly versions: readonly (string | undefined)[];
  readonly next: string | undefined;
};

async function readPage(mapping: BoundedJsonata, list: NonNullable<HttpEntity['list']>, body: unknown): Promise<Page> {
  const [found, next] = await mapping.evaluate([
    { expression: list.items ?? '$', input: body },
    { expression: list.next ?? 'null', input: body },
  ]);
  const items: readonly unknown[] = Array.isArray(found) ? found : found === undefined || found === null ? [] : [found];
  const each = (expression: string): readonly Evaluation[] => items.map((input) => ({ expression, input }));
  const ids = await mapping.evaluate(each(list.id));
  const versions = list.version === undefined ? [] : await mapping.evaluate(each(list.version));
  return {
    ids: ids.map(idOf),
    versions: items.map((_item, index) =>
      versions[index] === undefined ? undefined : JSON.stringify(versions[index]),
    ),
    next: typeof next === 'string' && next !== '' ? next : undefined,
  };
}

// A listing that names something that cannot be understood is not complete: nothing may be retired on its word.
function idOf(id: unknown): string {
  const text = typeof id === 'number' ? String(id) : id;
  if (typeof text === 'string' && /^[^\p{Cc}\p{Cs}]{1,300}$/u.test(text)) return text;
  throw new RunwayError('MalformedRecord', 'mapping-failed', `id ${JSON.stringify(id)}, expected a text of 1 to 300`);
}
