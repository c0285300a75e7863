import { dependencyUnavailable } from '../../../../shared/adapters/dependency-error.ts';
import { type EntityUri, formatEntityRef, parseEntityRef } from '../../../../shared/domain/graph/entity-ref.ts';
import type { StatedEdge, Statement } from '../../../../shared/domain/graph/provider-contribution.ts';
import type { Provider } from '../../../../shared/ports/provider.ts';

export type MadeUpThing = { readonly revision: number; readonly refersTo: readonly EntityUri[] };

/** A system of record that tests change; `isDown` makes it answer nothing. */
export type MadeUpSource = {
  readonly things: Map<string, MadeUpThing>;
  readonly provider: Provider;
  readonly uriOf: (id: string) => EntityUri;
  /** What the graph should say of a thing that is there. */
  readonly statementOf: (id: string) => Statement | undefined;
  isDown: boolean;
  asked: number;
};

export type MadeUpOptions = {
  readonly platform: string;
  readonly pageSize?: number;
  /** Whether a listing says everything, or names and versions only. */
  readonly lists?: 'statements' | 'names';
};

/** Things are datasets that may refer to others. */
export function madeUpSource({ platform, pageSize = 2, lists = 'names' }: MadeUpOptions): MadeUpSource {
  const things = new Map<string, MadeUpThing>();
  const uriOf = (id: string) => formatEntityRef({ type: 'dataset', platform, id });
  const statementOf = (id: string): Statement | undefined => {
    const thing = things.get(id);
    if (thing === undefined) return undefined;
    const edges = thing.refersTo.map((to): StatedEdge => ({ type: 'derivedFrom', to }));
    return { subject: uriOf(id), description: { attributes: { version: String(thing.revision) } }, edges };
  };
  const answer = <T>(value: T): T => {
    source.asked += 1;
    if (source.isDown) throw dependencyUnavailable(platform, new Error('down'));
    return value;
  };
  const refOf: Provider['refOf'] = (subject) => {
    const { type, platform: of, id } = parseEntityRef(subject);
    return of === platform && type === 'dataset' ? { type, id } : undefined;
  };
  const provider: Provider = {
    subjectOf: ({ type, id }) => (type === 'dataset' ? uriOf(id) : undefined),
    refOf,
    lists: (subject) => refOf(subject) !== undefined,
    hydrate: async ({ id }) => {
      const statement = answer(statementOf(id));
      return statement === undefined ? 'gone' : [statement];
    },
    list: async (cursor = '') => {
      const ids = answer([...things.keys()].toSorted()).filter((id) => id > cursor);
      const page = ids.slice(0, pageSize);
      const listed = page.map((id) => {
        const version = `${things.get(id)?.revision}`;
        return { subject: uriOf(id), ref: { type: 'dataset', id }, version };
      });
      const statements = page.map(statementOf).filter((statement) => statement !== undefined);
      const last = ids.length > page.length ? page.at(-1) : undefined;
      return {
        listed,
        statements: lists === 'statements' ? statements : [],
        ...(last !== undefined && { cursor: last }),
      };
    },
  };
  const source: MadeUpSource = { things, provider, uriOf, statementOf, isDown: false, asked: 0 };
  return source;
}
