import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bootCloud, type Cloud } from '../../local/cloud.ts';
import type { Decision } from '../../local/permissions/permissions.ts';
import type { Grant } from '../../local/permissions/statement.ts';
import { synthesize } from '../infra/synthesize.ts';
import { createWorld, start } from '../mutation/world.ts';
import { allBehaviors } from './behaviors.ts';
import { firstRefusal, openGrantBook, textOf } from './grants.ts';
import { reviewedGrants, reviewOf } from './reviewed-grants.ts';

// Every behaviour runs once on the whole template, where nothing may be denied. Each call it makes is kept, so that for
// every grant that is deleted a behaviour is known which is then denied something.
// One team asks for every retrain.
const { directory } = synthesize(['maxConcurrentRetrainsPerTeam=50', 'graphIntervalMinutes=60']);
const dataDir = mkdtempSync(path.join(tmpdir(), 'runway-permissions-'));
const book = openGrantBook(directory);
const callsByBehavior = new Map<string, Set<Decision>>();
let cloud: Cloud;
let calls = new Set<Decision>();

beforeAll(async () => {
  const onDecision = (decision: Decision) => void calls.add(decision);
  cloud = await bootCloud({ assembly: directory, dataDir, clock: { mode: 'virtual', start }, onDecision });
});
afterAll(async () => {
  await cloud?.stop();
  for (const folder of [directory, dataDir]) rmSync(folder, { recursive: true, force: true });
});

describe('on the whole template nothing is denied, and', () => {
  let count = 0;
  for (const [name, behavior] of allBehaviors) {
    test(name, async () => {
      calls = new Set();
      callsByBehavior.set(name, calls);
      count += 1;
      const world = await createWorld(cloud, `permitted-${count}`, { attempts: 2 });
      try {
        await behavior.run(world);
      } finally {
        world.close();
      }
      expect([...calls].flatMap(({ refusal }) => refusal ?? [])).toEqual([]);
    });
  }
});

const denied = new Map<Grant, string | undefined>();

function behaviorDeniedWithout(grant: Grant): string | undefined {
  // Permissions are compiled anew for each grant, and asked for twice.
  if (!denied.has(grant)) {
    const permissions = book.without(grant);
    denied.set(grant, [...callsByBehavior].find(([, made]) => firstRefusal(permissions, made) !== undefined)?.[0]);
  }
  return denied.get(grant);
}

describe('without the grant of', () => {
  test.each(book.grants.map((grant) => [textOf(grant), grant] as const))('%s a behaviour is denied', (_text, grant) => {
    const found = behaviorDeniedWithout(grant) ?? reviewOf(grant)?.reason;
    expect(found, 'no behaviour uses this grant, and nothing says why it stays').toBeDefined();
  });
});

test('every reason for an unused grant speaks of one that no behaviour uses', () => {
  const unused = book.grants.filter((grant) => behaviorDeniedWithout(grant) === undefined);
  expect(reviewedGrants.filter((entry) => !unused.some((grant) => reviewOf(grant) === entry))).toEqual([]);
});
