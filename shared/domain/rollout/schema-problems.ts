import type { Feature } from '../registry/schemas.ts';

/**
 * Why a candidate cannot stand in for the champion at the services that call it; empty when it can. They send the
 * features the champion takes, so the candidate must take every required one of the model's schema and may require no
 * other, each with the same type.
 */
export function schemaProblems(
  model: readonly Feature[],
  champion: readonly Feature[],
  candidate: readonly Feature[],
): readonly string[] {
  const sent = typesOf([...model, ...champion]);
  const taken = typesOf(candidate);
  const unknown = candidate
    .filter(({ name, required }) => required && !sent.has(name))
    .map(({ name }) => `requires ${name}, which is not sent`);
  const lost = model
    .filter(({ name, required }) => required && !taken.has(name))
    .map(({ name }) => `does not take ${name}, which the model's schema requires`);
  const retyped = candidate
    .filter(({ name, type }) => sent.has(name) && sent.get(name) !== type)
    .map(({ name, type }) => `takes ${name} as ${type}, which is sent as ${sent.get(name)}`);
  return [...unknown, ...lost, ...retyped];
}

function typesOf(features: readonly Feature[]): ReadonlyMap<string, Feature['type']> {
  return new Map(features.map(({ name, type }) => [name, type]));
}
