import { rmSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { synthesize } from '../infra/synthesize.ts';
import { registerEmbeddings } from '../mutation/behaviors.ts';
import { createWorld } from '../mutation/world.ts';
import { seedFleet } from '../support/seed-fleet.ts';
import { backtestTests } from './backtest-tests.ts';
import { reasonToSkip } from './chromium.ts';
import { madeUpBacktest } from './made-up-backtest.ts';
import { latestEvaluation, modelHealthTests, withSegmentsAndProposal } from './model-health-tests.ts';
import { looks, openStage, overflowOf, type Stage, settled, shoot, violationsOf } from './stage.ts';

let stage: Stage;
let assembly: string;
let drifted: string;
const canary = 'late-arrivals';
const embedder = 'airport-vectors';
/** Has no version, so that nothing of it was ever evaluated. */
const newcomer = 'gate-changes';

describe.skipIf(reasonToSkip)('the portal of a fleet with a past', () => {
  beforeAll(async () => {
    const intervals = ['scan', 'decision', 'graph'].map((what) => `${what}IntervalMinutes=720`);
    const settings = [...intervals, 'maxConcurrentRetrains=1'];
    assembly = synthesize(settings).directory;
    stage = await openStage(assembly, '2001-05-03T00:55:00.000Z');
    const { cloud } = stage;
    // One with a canary on its way; while its retrain holds the only slot, no other could be trained.
    const world = await createWorld(cloud, canary);
    await world.startCanary();
    world.close();
    const vectors = await createWorld(cloud, embedder);
    await registerEmbeddings(vectors);
    await cloud.pump();
    await vectors.succeed('POST', `${vectors.model}/versions/2/deployment`, {});
    vectors.close();
    const unused = await createWorld(cloud, newcomer);
    await unused.register();
    unused.close();
    const place = { outputs: cloud.outputs, environment: cloud.sdkEnvironment() };
    const history = { days: 9, everyHours: 3, rowsPerHour: 90 };
    const models = await seedFleet(place, { models: 24, teams: 4, now: cloud.now(), history });
    drifted = models.find(({ story }) => story === 'drifted')?.modelId ?? '';
    for (let scan = 0; scan < 2; scan++) await stage.later(11);
  }, 600_000);
  afterAll(async () => {
    await stage?.close();
    rmSync(assembly, { recursive: true, force: true });
  });

  test('fleet: says what needs attention first, with its reason, and opens the model', async () => {
    const page = await stage.signedIn('/');
    await settled(page);
    expect(await page.locator('.attention h2').textContent()).toMatch(/\d+ models? needs? attention/);
    const first = page.locator('.fleet-body .fleet-row').first();
    expect(await first.textContent()).toContain('At risk');
    expect((await first.locator('.why').textContent())?.length).toBeGreaterThan(20);
    expect(await first.locator('.strip').getAttribute('aria-label')).toMatch(/^Last 30 days: \d+ breach/);
    await page.locator(`.fleet-body a[href="/models/${drifted}"]`).click();
    await page.getByRole('heading', { name: drifted, level: 1 }).waitFor();
    await page.context().close();
  });

  test('deep link: filters and order stand in the address, and the address brings them back', async () => {
    const page = await stage.signedIn('/');
    await settled(page);
    await page.getByRole('button', { name: 'At risk' }).click();
    await page.getByRole('button', { name: 'Staleness' }).click();
    await settled(page);
    const address = new URL(page.url());
    expect(Object.fromEntries(address.searchParams)).toEqual({ verdict: 'at-risk', sort: '-stalenessScore' });
    const namesOn = (shown: Page) => shown.locator('[data-row]').allTextContents();
    const other = await page.context().newPage();
    await other.goto(address.href);
    await other.locator('[data-row]').first().waitFor();
    const names = await namesOn(other);
    expect(names.length).toBeGreaterThan(0);
    // The first page keeps its old rows until the new ones are here.
    await expect.poll(() => namesOn(page)).toEqual(names);
    expect(await other.locator('.fleet-body .fleet-row').filter({ hasText: 'Healthy' }).count()).toBe(0);
    await page.context().close();
  });

  test('deep link: the address of a model is answered by the CDN and shows the model', async () => {
    const page = await stage.signedIn(`/models/${drifted}?days=7`);
    await settled(page);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(drifted);
    expect(await page.getByRole('button', { name: '7 days' }).getAttribute('aria-pressed')).toBe('true');
    await page.context().close();
  });

  test('keyboard: / searches, j and k move, Enter opens, ? helps and Escape closes', async () => {
    const page = await stage.signedIn('/');
    await settled(page);
    const focused = () => page.evaluate<string>('document.activeElement?.textContent ?? ""');
    const names = await page.locator('[data-row]').allTextContents();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    expect(await focused()).toBe(names[1]);
    await page.keyboard.press('k');
    expect(await focused()).toBe(names[0]);
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('/');
    expect(await page.evaluate<string>('document.activeElement.type')).toBe('search');
    await page.getByLabel('Filter by name').focus();
    await page.keyboard.type(canary);
    await expect.poll(() => page.locator('[data-row]').count()).toBe(1);
    await page.keyboard.press('Enter');
    await page.locator('[data-row]:focus').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: canary, level: 1 }).waitFor();
    await page.context().close();
  });

  test('model: verdict, reason, evidence with n and window, pictures with a table each, and the raw record', async () => {
    const page = await stage.signedIn(`/models/${drifted}`);
    await settled(page);
    const verdict = page.locator('.verdict');
    expect(await verdict.locator('h2').textContent()).toMatch(/At risk.*since .* UTC/);
    const { signals } = await latestEvaluation(stage, drifted);
    expect(await verdict.locator('.evidence tbody tr').count()).toBe(signals.length);
    expect(await verdict.locator('.explanation').textContent()).toMatch(/Why.*Data drift.*since .* UTC/);
    expect(await verdict.locator('.evidence tr', { hasText: 'Data drift' }).textContent()).toMatch(/PSI/);
    const tests = signals.reduce((sum, { parts }) => sum + parts.length, 0);
    await verdict.getByText(`Show all ${tests} tests`).click();
    expect(await verdict.locator('.as-table tbody tr').count()).toBe(tests);
    expect(await verdict.locator('.figures').textContent()).toMatch(/threshold.*UTC/);
    await verdict.getByText('Raw record').click();
    expect(await verdict.locator('pre').textContent()).toContain('"evaluationId"');
    await page.locator('.chart svg').first().waitFor();
    expect(await page.locator('.distributions figure').count()).toBeGreaterThan(5);
    expect(await page.locator('.histogram').first().getAttribute('aria-label')).toMatch(/most moved .* from \d+/);
    // Each picture draws itself when it is ready; its table comes with it.
    await expect.poll(() => page.getByText('Show as table').count()).toBeGreaterThanOrEqual(3);
    for (const summary of await page.getByText('Show as table').all()) await summary.click();
    expect(await page.locator('.as-table tbody').count()).toBeGreaterThanOrEqual(3);
    expect(await page.locator('#history').textContent()).toContain('The chain of hashes holds');
    await page.context().close();
  });

  modelHealthTests(() => ({ stage, drifted, embedder }));
  backtestTests(() => ({ stage, drifted, newcomer }));

  test('model: a canary shows its steps, its versions and their shares of the traffic', async () => {
    const page = await stage.signedIn(`/models/${canary}`);
    await settled(page);
    expect(await page.locator('#journeys').textContent()).toMatch(/A person asked.*trained version 2.*canary/);
    expect(await page.locator('#versions tbody').textContent()).toMatch(/95 %/);
    await page.context().close();
  });

  test('queue: what runs and what waits, in order, with the cause in words, the age and the owner', async () => {
    const page = await stage.signedIn('/retraining-queue');
    await settled(page);
    const waiting = page.getByRole('region', { name: /Waiting/ }).locator('tbody tr');
    expect(await waiting.count()).toBeGreaterThan(0);
    expect(await waiting.first().textContent()).toMatch(/^1queued.*team-0\d.*(drifted|dropped|asked)/);
    await page.context().close();
  });

  test('dark and light: follow the system, and stay what one chose', async () => {
    const page = await stage.signedIn('/', { scheme: 'dark' });
    await settled(page);
    const ground = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const dark = await ground();
    await page.getByRole('button', { name: 'Theme: system' }).click();
    const light = await ground();
    expect(light).not.toBe(dark);
    await page.reload();
    await settled(page);
    expect(await ground()).toBe(light);
    await page.getByRole('button', { name: 'Theme: light' }).click();
    expect(await ground()).toBe(dark);
    await page.context().close();
  });

  describe.each(looks)('at $width px, $scheme', (look) => {
    test('no page has accessibility violations, scrolls sideways, or complains', async () => {
      const page = await stage.signedIn('/', look);
      const problems: string[] = [];
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) problems.push(message.text());
      });
      const pages = {
        fleet: '/',
        'fleet-filtered': '/?verdict=at-risk',
        'fleet-no-match': '/?q=nothing-like-it',
        model: `/models/${drifted}`,
        'model-canary': `/models/${canary}`,
        'model-embeddings': `/models/${embedder}`,
        'backtest-before': `/models/${drifted}/backtest`,
        queue: '/retraining-queue',
        writers: '/writers',
      };
      for (const [name, address] of Object.entries(pages)) {
        await page.goto(`${stage.cloud.cdnUrl}${address}`);
        await settled(page);
        await shoot(page, name, look);
        problems.push(...(await violationsOf(page)).map((violation) => `${name}: ${violation}`));
        const overflow = await overflowOf(page);
        if (overflow > 0) problems.push(`${name}: ${overflow} px too wide`);
      }
      await withSegmentsAndProposal(page, drifted);
      await page.goto(`${stage.cloud.cdnUrl}/models/${drifted}`);
      await settled(page);
      await shoot(page, 'model-proposal', look);
      problems.push(...(await violationsOf(page)).map((violation) => `model-proposal: ${violation}`));
      if ((await overflowOf(page)) > 0) problems.push('model-proposal: too wide');
      await page.goto(`${stage.cloud.cdnUrl}/models/${drifted}/backtest?psiBreach=50&stalenessThreshold=1`);
      await page.getByRole('button', { name: 'Run the backtest' }).click();
      await page.locator('.outcome').waitFor();
      await shoot(page, 'backtest', look);
      await page.route('**/backtests', (route) => route.fulfill({ json: madeUpBacktest(drifted) }));
      await page.getByRole('button', { name: 'Run the backtest' }).click();
      await page.locator('.detections').waitFor();
      await shoot(page, 'backtest-degraded', look);
      problems.push(...(await violationsOf(page)).map((violation) => `backtest: ${violation}`));
      if ((await overflowOf(page)) > 0) problems.push('backtest: too wide');
      await page.locator('h1').click();
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      await shoot(page, 'help', look);
      problems.push(...(await violationsOf(page)).map((violation) => `help: ${violation}`));
      expect(problems).toEqual([]);
      await page.context().close();
    });
  });
});
