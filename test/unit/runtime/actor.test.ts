import { afterEach, describe, expect, it, vi } from 'vitest';
import { actorFromClaims } from '../../../shared/runtime/actor.ts';

describe('the actor of a token', () => {
  it.each([
    ['as API Gateway renders a list', '[editor:flights viewer]', ['editor:flights', 'viewer']],
    ['as a list', ['editor:flights', 'viewer'], ['editor:flights', 'viewer']],
    ['as one word', 'viewer', ['viewer']],
    ['separated by commas', 'viewer,admin', ['viewer', 'admin']],
    ['empty', '[]', []],
    ['of a foreign shape', { admin: true }, []],
    ['with foreign members', ['viewer', 7, null], ['viewer']],
    ['absent', undefined, []],
  ])('has the roles of groups %s', (_case, groups, roles) => {
    expect(actorFromClaims({ sub: 'ada', 'cognito:groups': groups }).roles).toEqual(roles);
  });

  it('knows its teams once each', () => {
    expect(
      actorFromClaims({ sub: 'ada', 'cognito:groups': '[editor:flights approver:flights trainer:search]' }).teams,
    ).toEqual(['flights', 'search']);
  });

  it('is a service when all its roles are for services', () => {
    expect(actorFromClaims({ sub: 't', 'cognito:groups': '[trainer:flights label-writer:flights]' }).kind).toBe(
      'service',
    );
    expect(actorFromClaims({ sub: 't', 'cognito:groups': '[trainer:flights viewer]' }).kind).toBe('person');
    expect(actorFromClaims({ sub: 't' }).kind).toBe('person');
  });

  it('takes nothing from claims it does not know', () => {
    const claims = {
      sub: 7,
      groups: ['admin'],
      roles: 'admin',
      scope: 'admin',
      __proto__: { 'cognito:groups': ['admin'] },
    };
    expect(actorFromClaims(JSON.parse('{"sub":7,"groups":["admin"],"constructor":"admin"}'))).toEqual({
      id: 'anonymous',
      kind: 'person',
      roles: [],
      teams: [],
    });
    expect(actorFromClaims(Object.assign(Object.create(null), claims)).roles).toEqual([]);
  });
});

describe('claims of another issuer', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('are read by the names that the stage gives', () => {
    vi.stubEnv('ROLES_CLAIM', 'https://example.com/roles');
    vi.stubEnv('SUBJECT_CLAIM', 'email');
    const claims = {
      email: 'ada@example.com',
      sub: '7',
      'https://example.com/roles': ['editor:flights'],
      'cognito:groups': ['admin'],
    };
    expect(actorFromClaims(claims)).toMatchObject({ id: 'ada@example.com', roles: ['editor:flights'] });
  });
});
