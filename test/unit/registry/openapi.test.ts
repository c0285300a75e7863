import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openApiDocument, operations } from '../../../shared/api/openapi.ts';
import { type OperationId, type Route, routes } from '../../../shared/routes.ts';

// As clients get it.
const document = JSON.parse(JSON.stringify(openApiDocument()));

describe('the OpenAPI document', () => {
  it('describes every route and no other', () => {
    const described = Object.entries<Record<string, { operationId: string }>>(document.paths).flatMap(
      ([path, methods]) =>
        Object.entries(methods).map(([method, { operationId }]) => `${operationId}: ${method.toUpperCase()} ${path}`),
    );
    expect(described.toSorted()).toEqual(
      Object.entries<Route>(routes)
        .map(([id, { method, path }]) => `${id}: ${method} ${path}`)
        .toSorted(),
    );
  });

  it('names the parameters of every path', () => {
    for (const [path, methods] of Object.entries<Record<string, { parameters: { in: string; name: string }[] }>>(
      document.paths,
    )) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters } of Object.values(methods)) {
        expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(named);
      }
    }
  });

  it('refers only to schemas it has', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference!);
    const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(references.length).toBeGreaterThan(20);
    expect(references.filter((reference) => !known.includes(reference))).toEqual([]);
  });

  it('says of times that they are date-times, coming and going', () => {
    expect(document.components.schemas.Model.properties.registeredAt).toEqual({ type: 'string', format: 'date-time' });
    const [asOf] = document.paths['/v1/models/{modelId}'].get.parameters.filter(
      ({ name }: { name: string }) => name === 'asOf',
    );
    expect(asOf).toMatchObject({ in: 'query', required: false, schema: { type: 'string', format: 'date-time' } });
    expect(
      document.paths['/v1/models/{modelId}/versions'].post.requestBody.content['application/json'].schema.properties
        .trainingDataEnd,
    ).toMatchObject({ type: 'string', format: 'date-time' });
  });

  it('asks for a token everywhere but where the document itself is served, and of who signs instead', () => {
    expect(document.security).toEqual([{ token: [] }]);
    const open = [...operations.keys()].filter((id: OperationId) => routes[id].authorizer === 'none');
    expect(open.toSorted()).toEqual([
      'getOpenApi',
      'postLineage',
      'postLineageBatch',
      'receiveProviderEvent',
      'receiveTrigger',
    ]);
    expect(document.paths['/v1/openapi.json'].get.security).toEqual([]);
  });

  it('lets a client leave out what has a default', () => {
    const { requestBody, parameters } = document.paths['/v1/models'].post;
    expect(requestBody.content['application/json'].schema.required).not.toContain('buckets');
    expect(parameters.map(({ name }: { name: string }) => name)).toEqual(['Idempotency-Key']);
    expect(document.paths['/v1/models/{modelId}/versions/{version}/deployment'].post.requestBody.required).toBe(false);
  });

  it('is the one that is kept in docs/api', () => {
    const kept = JSON.parse(readFileSync(new URL('../../../docs/api/openapi.json', import.meta.url), 'utf8'));
    expect(kept, 'run node scripts/write-openapi.ts').toEqual(document);
  });
});
