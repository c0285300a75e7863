import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bootCloud, type Cloud } from '../../local/cloud.ts';
import type { Decision } from '../../local/permissions/permissions.ts';
import { synthesize } from '../infra/synthesize.ts';
import { createWorld, start } from '../mutation/world.ts';
import { allBehaviors } from './behaviors.ts';
import { firstRefusal, openGrantBook, textOf } from './grants.ts';
import { reviewedGrants, reviewOf } from './reviewed-grants.ts';

// Every behaviour runs once on the whole template, where nothing may be denied. Each call it makes is kept, so that for
// every grant that is deleted a behaviour is known which is then denied something.
const { directory } = synthesize();
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

describe('without the grant of', () => {
  const needed = book.grants.filter((grant) => reviewOf(grant) === undefined);
  test.each(needed.map((grant) => [textOf(grant), grant] as const))('%s a behaviour is denied', (_text, grant) => {
    const permissions = book.without(grant);
    const broken = [...callsByBehavior].find(([, made]) => firstRefusal(permissions, made) !== undefined);
    expect(broken, 'no behaviour uses this grant').toBeDefined();
  });
});

test('every reviewed grant is in the template, and no behaviour needs one', () => {
  const used = new Set([...callsByBehavior.values()].flatMap((made) => [...made]).flatMap(({ grant }) => grant ?? []));
  const needed = [...used].filter((grant) => reviewOf(grant) !== undefined).map(textOf);
  expect(needed).toEqual([]);
  const idle = reviewedGrants.filter((entry) => !book.grants.some((grant) => reviewOf(grant) === entry));
  expect(idle).toEqual([]);
});
