import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureAssembly } from '../../local/synthesize.ts';
import { promote } from '../mutation/cascade-behaviors.ts';
import { definitionOf } from '../mutation/model-life.ts';
import { failRetrain } from '../mutation/notification-behaviors.ts';
import { createWorld } from '../mutation/world.ts';
import { reasonToSkip } from './chromium.ts';
import { madeUpCascade } from './made-up-cascade.ts';
import { looks, openStage, overflowOf, type Stage, settled, shoot, violationsOf } from './stage.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const promoted = 'late-basic';
const failing = 'gate-changes';
const waiting = 'taxi-times';
const alike = 'fuel-burn';
const undecided = 'landing-weight';
const cascade = `${promoted}-v2`;
const madeUp = 'departure-embeddings-v14';
const entityOf = (modelId: string) => `/entities/${encodeURIComponent(`aip://model/registry/${modelId}`)}`;
const stranger = { groups: 'editor:crew' };
let stage: Stage;
let dependant: string;

/** What stands there once its answer has come. */
const said = (place: Locator) => expect.poll(() => place.textContent(), { timeout: 20_000 });
const go = (page: Page, address: string) => page.goto(`${stage.cloud.cdnUrl}${address}`);

describe.skipIf(reasonToSkip)('the pages of operations', () => {
  beforeAll(async () => {
    stage = await openStage(
      ensureAssembly(project, () => undefined),
      '2001-05-03T00:55:00.000Z',
    );
    await openCascade();
    await giveUpNotification();
    await holdRetrain();
    await describeSimilar();
  }, 300_000);
  afterAll(() => stage?.close());

  test('entity: says what its score is made of, and takes a suggestion with its reason', async () => {
    const page = await stage.signedIn(entityOf(alike));
    const quality = page.getByRole('region', { name: 'Quality of what is known' });
    await said(quality).toMatch(/\d+ %.*Description.*there is none.*Owner.*whoever owns it is still there.*Lineage/);
    const suggestions = page.getByRole('region', { name: 'Suggestions' });
    await said(suggestions).toMatch(/fuel-burn consumes .*wind\?.*\d+ %, similar ones use it/);
    const similar = page.getByRole('region', { name: 'Similar entities' });
    await said(similar).toMatch(/fuel-burn-wind\d+ %.*distance.*What similar ones use and it does not.*wind/);
    await suggestions.getByRole('button', { name: 'Accept' }).click();
    await suggestions.getByLabel('Reason').fill('it reads it as well');
    await suggestions.getByRole('button', { name: 'Accept: do it' }).click();
    await said(suggestions).toContain('Nothing seems to be missing');
    await said(page.getByRole('region', { name: 'Relations' })).toMatch(/wind.*override/);
    await page.context().close();
  });

  test('entity: who reads decides nothing; what the API refuses is said, and the reason stays', async () => {
    const other = entityOf(undecided);
    const viewer = await stage.signedInAs('Viewer', other);
    await said(viewer.getByRole('region', { name: 'Suggestions' })).toContain('wind');
    expect(await viewer.getByRole('button', { name: 'Accept' }).count()).toBe(0);
    await viewer.context().close();
    const page = await stage.signedInAs(stranger, other);
    await page.getByRole('button', { name: 'Reject' }).click();
    await page.getByLabel('Reason').fill('not mine');
    await page.getByRole('button', { name: 'Reject: do it' }).click();
    await said(page.getByRole('alert')).toMatch(/Your roles do not allow this/);
    expect(await page.getByLabel('Reason').inputValue()).toBe('not mine');
    await page.context().close();
  });

  test('cascade: a model leads to what its promotion retrains, and an editor stops it with a reason', async () => {
    const page = await stage.signedInAs({ groups: 'editor:flights' }, `/models/${promoted}`);
    await page.getByRole('link', { name: 'cascades' }).click();
    await page.getByRole('link', { name: `${promoted} version 2` }).click();
    await page.getByRole('heading', { name: `Cascade ${cascade}`, level: 1 }).waitFor();
    const row = page.getByRole('row').filter({ hasText: dependant });
    await said(row).toMatch(/waits.*flights.*its turn comes 3 May 2001.*planned 3 May 2001.*not known/);
    await page.getByRole('button', { name: 'Veto' }).click();
    await page.getByLabel('Reason').fill('the data of today are wrong');
    await page.getByRole('button', { name: 'Veto: do it' }).click();
    await said(page.locator('.verdict')).toMatch(/Vetoed.*the data of today are wrong \(.*3 May 2001/);
    await said(row).toContain('skipped');
    expect(await page.getByRole('button', { name: 'Veto' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Cascades' }).first().click();
    await said(page.getByRole('region', { name: 'Ended' })).toMatch(/vetoed.*late-basic version 2/);
    await page.context().close();
  });

  test('cascade: waves stand in order, each member says why it waits, and a reader cannot stop it', async () => {
    const page = await stage.signedInAs('Viewer', '/');
    await withMadeUp(page);
    await go(page, `/cascades/${madeUp}`);
    await said(page.getByRole('region', { name: /^Wave 1/ })).toMatch(
      /promoted.*departure-explainercompanion of departure-embeddings.*retrainingarrival-delay.*not known/,
    );
    await said(page.getByRole('region', { name: /^Wave 2/ })).toMatch(
      /gate-waits.*after arrival-delay.*taxi-times.*the budget of team flights is spent.*skipped.*its own cooldown/,
    );
    await said(page.getByRole('region', { name: /^Wave 3/ })).toMatch(
      /connection-risk.*after arrival-delay, gate-waits/,
    );
    await said(page.getByRole('region', { name: /^Left out/ })).toMatch(/late-archive it is retired/);
    const titles = await page.locator('.wave h2').allTextContents();
    expect(titles.map((title) => title.slice(0, 6))).toEqual(['Wave 1', 'Wave 2', 'Wave 3']);
    expect(await page.getByRole('button', { name: 'Veto' }).count()).toBe(0);
    await page.context().close();
  });

  test('queue: what waits is released, held, bumped and cancelled with a reason', async () => {
    const page = await stage.signedIn('/retraining-queue');
    const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: waiting, exact: true }) });
    const act = async (verb: string, reason: string) => {
      await row.getByRole('button', { name: 'Change' }).click();
      await page.getByRole('button', { name: verb, exact: true }).click();
      await page.getByLabel('Reason').fill(reason);
      await page.getByRole('button', { name: `${verb}: do it` }).click();
    };
    await said(row).toMatch(/held.*a storm/);
    await act('Bump', 'it is the worst');
    await said(row).toContain('+1');
    await act('Release', 'it is over');
    await said(row).not.toContain('a storm');
    await stage.cloud.pump();
    await page.reload();
    await said(page.getByRole('region', { name: /^Running/ })).toContain(waiting);
    await act('Cancel the retrain', 'nobody needs it');
    await row.waitFor({ state: 'detached' });
    await page.context().close();
  });

  test('queue: what the API refuses is said, and the reason stays', async () => {
    const page = await stage.signedInAs({ groups: 'editor:flights' }, '/');
    await page.route('**/v1/retraining-queue*', async (route) => {
      const isQueued = route.request().url().includes('queued');
      return route.fulfill({ json: { items: isQueued ? [madeUpRetrain()] : [] } });
    });
    await go(page, '/retraining-queue');
    await page.getByRole('button', { name: 'Change never-r1' }).click();
    expect(await page.getByRole('button', { name: 'Bump' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Hold' }).click();
    await page.getByLabel('Reason').fill('a storm');
    await page.getByRole('button', { name: 'Hold: do it' }).click();
    await said(page.getByRole('alert')).toMatch(/What became of “Hold”/);
    expect(await page.getByLabel('Reason').inputValue()).toBe('a storm');
    await page.context().close();
  });

  test('incidents: what is open says why and since when, is taken on, and what was given up is sent again', async () => {
    const page = await stage.signedIn('/');
    await page.getByRole('link', { name: 'Incidents' }).click();
    const open = page.getByRole('region', { name: /^Open/ });
    const item = open.getByRole('listitem').filter({ hasText: failing });
    await said(item).toMatch(/inform.*gate-changes: a retrain failed.*out of memory.*since.*found once/);
    const told = page.getByRole('region', { name: 'Who was told' });
    await said(told).toMatch(/Opened.*given up.*nobody \(webhook\)/);
    await told.getByRole('button', { name: /^Send again: .* to nobody/ }).click();
    await said(told).toMatch(/sent again once/);
    await item.getByRole('button', { name: 'Acknowledge' }).click();
    await item.getByLabel('Comment').fill('more memory is on its way');
    await item.getByRole('button', { name: 'Acknowledge: do it' }).click();
    await said(item).toMatch(/taken on.*by .*more memory is on its way/);
    await page.getByLabel('Team').selectOption('runway');
    await page.getByText('Nothing is wrong that runway must know of').waitFor();
    expect(new URL(page.url()).search).toBe('?team=runway');
    await page.context().close();
  });

  test('incidents: who reads takes nothing on', async () => {
    const page = await stage.signedInAs('Viewer', '/incidents?team=flights');
    await said(page.getByRole('region', { name: /^Open/ })).toContain(failing);
    expect(await page.getByRole('button', { name: /Acknowledge|Send/ }).count()).toBe(0);
    await page.context().close();
  });

  describe.each(looks)('at $width px, $scheme', (look) => {
    test('no page has accessibility violations, scrolls sideways, or complains', async () => {
      const page = await stage.signedIn('/', look);
      const problems: string[] = [];
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) problems.push(message.text());
      });
      await withMadeUp(page);
      const pages = {
        'entity-quality': entityOf(undecided),
        cascades: '/cascades',
        cascade: `/cascades/${madeUp}`,
        incidents: '/incidents?team=flights',
        'incidents-none': '/incidents?team=runway',
        'queue-actions': '/retraining-queue',
      };
      for (const [name, address] of Object.entries(pages)) {
        await go(page, address);
        await settled(page);
        if (name === 'entity-quality') await page.getByRole('button', { name: 'Accept' }).click();
        if (name === 'cascade') await page.getByRole('button', { name: 'Veto' }).click();
        if (name === 'queue-actions') {
          await page.getByRole('button', { name: 'Change never-r1' }).click();
          await page.getByRole('button', { name: 'Bump' }).click();
        }
        await shoot(page, name, look);
        problems.push(...(await violationsOf(page)).map((violation) => `${name}: ${violation}`));
        const overflow = await overflowOf(page);
        if (overflow > 0) problems.push(`${name}: ${overflow} px too wide`);
      }
      expect(problems).toEqual([]);
      await page.context().close();
    });
  });
});

async function openCascade(): Promise<void> {
  const world = await createWorld(stage.cloud, promoted);
  dependant = await promote(world);
  world.close();
}

/** A training fails, and whoever is to be told cannot be. */
async function giveUpNotification(): Promise<void> {
  const world = await createWorld(stage.cloud, failing);
  const setTargets = (targets: readonly object[]) =>
    world.succeed('PUT', '/v1/teams/flights/notification-targets', { targets });
  await setTargets([{ kind: 'webhook', name: 'nobody', url: 'https://nobody.test/', secret: 'missing' }]);
  await failRetrain(world);
  // Nobody of this name any more: given up at the next attempt.
  await setTargets([]);
  await world.advance(1);
  world.close();
}

async function holdRetrain(): Promise<void> {
  const world = await createWorld(stage.cloud, waiting);
  await world.deploy();
  const { retrainId } = await world.succeed('POST', `${world.model}/retrains`, { reason: 'a test asks for it' });
  await world.succeed('POST', `/v1/retrains/${String(retrainId)}/hold`, { reason: 'a storm' });
  world.close();
}

/** Two pairs of models that read the same, except that one of each reads the wind as well. */
async function describeSimilar(): Promise<void> {
  const world = await createWorld(stage.cloud, alike);
  const define = (modelId: string, domain: string, ...features: readonly string[]) =>
    world.succeed('POST', '/v1/models', {
      ...definitionOf(modelId),
      domain,
      features: features.map((name) => ({ name, type: 'numeric' })),
    });
  for (const modelId of [alike, undecided]) {
    await define(modelId, modelId, 'distance');
    await define(`${modelId}-wind`, modelId, 'distance', 'wind');
  }
  await stage.cloud.pump();
  world.close();
}

/** Shows a cascade and a queue that would take days, in place of their own. */
async function withMadeUp(page: Page): Promise<void> {
  await page.route(`**/v1/cascades/${madeUp}`, (route) => route.fulfill({ json: madeUpCascade(madeUp) }));
  await page.route('**/v1/cascades?*', (route) => {
    const items = route.request().url().includes('open') ? [madeUpCascade(madeUp)] : [];
    return route.fulfill({ json: { items } });
  });
  await page.route('**/v1/retraining-queue*', (route) => {
    const isQueued = route.request().url().includes('queued');
    return route.fulfill({ json: { items: isQueued ? [madeUpRetrain()] : [] } });
  });
}

function madeUpRetrain() {
  const decidedAt = '2001-05-03T00:30:00.000Z';
  return {
    retrainId: 'never-r1',
    runId: 'never-r1',
    modelId: 'arrival-delay',
    team: 'flights',
    tier: 2,
    status: 'queued',
    triggers: [
      {
        cause: 'cascade',
        decidedAt,
        cascadeId: madeUp,
        policyVersion: 1,
        inputs: {},
        reason: 'departure-embeddings version 14 was promoted',
      },
    ],
    stalenessScore: 0.4,
    requestedAt: decidedAt,
    bump: 2,
    position: 1,
    estimatedStartAt: '2001-05-03T02:00:00.000Z',
  };
}
