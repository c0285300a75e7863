import { type Contribution, describe } from './contribution.ts';
import { type Attributes, type Entity, entityOf } from './entities.ts';
import type { EntityUri } from './entity-ref.ts';

/** What the contribution says of the entity; nothing when it does not describe it. */
export function attributesOf(contribution: Contribution, uri: EntityUri): Attributes {
  return entityIn(contribution, uri)?.attributes ?? {};
}

/** Adds to what the stream knows of an entity; undefined takes an attribute away. The same object when that is nothing new. */
export function redescribe(
  contribution: Contribution,
  { uri, attributes }: { readonly uri: EntityUri; readonly attributes: Changes },
): Contribution {
  const known = entityIn(contribution, uri);
  const before = known?.attributes ?? {};
  const after = Object.fromEntries(
    Object.entries<Attributes[string] | undefined>({ ...before, ...attributes }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
  if (known !== undefined && JSON.stringify(before) === JSON.stringify(after)) return contribution;
  return describe(contribution, { ...(known ?? entityOf(uri)), attributes: after });
}

type Changes = Readonly<Record<string, Attributes[string] | undefined>>;

function entityIn({ entities }: Contribution, uri: EntityUri): Entity | undefined {
  return entities.find((entity) => entity.uri === uri);
}
