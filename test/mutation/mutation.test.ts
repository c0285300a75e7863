import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bootCloud, type Cloud } from '../../local/cloud.ts';
import { synthesize } from '../infra/synthesize.ts';
import { type Behavior, behaviors } from './behaviors.ts';
import { FactBroken } from './customer.ts';
import { type Mutant, mutantsOf, without } from './mutants.ts';
import { createWorld, start } from './world.ts';

// Every route, event source mapping and schedule is deleted once; its behaviour must hold before and break after.
// Every deletion is a boot of its own, so `MUTATION_PART=1/3` deletes every third one only; the behaviours are all tried on the
// whole template either way. One team asks for every retrain.
const { directory, templates } = synthesize(['maxConcurrentRetrainsPerTeam=50', 'graphIntervalMinutes=60']);
const mutants = mutantsOf(templates.values());
const [part = 0, parts = 1] = (process.env.MUTATION_PART ?? '0/1').split('/').map(Number);
const folders: string[] = [];
afterAll(() => {
  for (const folder of [directory, ...folders]) rmSync(folder, { recursive: true, force: true });
});

function boot(forget?: string): Promise<Cloud> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'runway-mutation-'));
  folders.push(dataDir);
  return bootCloud({
    assembly: directory,
    dataDir,
    clock: { mode: 'virtual', start },
    ...(forget !== undefined && { templateTransform: (template) => without(template, forget) }),
  });
}

async function run(cloud: Cloud, behavior: Behavior, modelId: string): Promise<void> {
  const world = await createWorld(cloud, modelId);
  try {
    await behavior.run(world);
  } finally {
    world.close();
  }
}

function behaviorOf({ key }: Mutant): Behavior {
  const behavior = behaviors[key];
  if (behavior === undefined) throw new Error(`no behaviour for ${key} in behaviors.ts`);
  return behavior;
}

test('every route, mapping and schedule of the template has a behaviour', () => {
  expect(Object.keys(behaviors).toSorted()).toEqual(mutants.map(({ key }) => key).toSorted());
});

describe('on the whole template', () => {
  let cloud: Cloud;
  beforeAll(async () => {
    cloud = await boot();
  });
  afterAll(() => cloud?.stop());

  for (const [index, mutant] of mutants.entries()) {
    test(`${mutant.key}: ${behaviors[mutant.key]?.name}`, () => run(cloud, behaviorOf(mutant), `whole-${index}`));
  }
});

describe('without it', () => {
  for (const mutant of mutants.filter((_, index) => index % parts === part % parts)) {
    test(`${mutant.key}: no longer holds that ${behaviors[mutant.key]?.name}`, async () => {
      const cloud = await boot(mutant.logicalId);
      try {
        await expect(run(cloud, behaviorOf(mutant), 'forgotten')).rejects.toThrow(FactBroken);
      } finally {
        await cloud.stop();
      }
    });
  }
});
