import { rmSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { synthesize } from '../infra/synthesize.ts';
import { createWorld } from '../mutation/world.ts';
import { reasonToSkip } from './chromium.ts';
import { madeUpRollout } from './made-up-rollout.ts';
import { looks, openStage, overflowOf, type Stage, settled, shoot, violationsOf } from './stage.ts';

let stage: Stage;
let assembly: string;
const canary = 'late-canary';
const gated = 'late-gated';
const other = 'late-other';

/** What stands there once its answer has come. */
const said = (place: Locator) => expect.poll(() => place.textContent(), { timeout: 20_000 });

describe.skipIf(reasonToSkip)('the pages of rollouts and approvals', () => {
  beforeAll(async () => {
    assembly = synthesize([]).directory;
    stage = await openStage(assembly, '2001-05-03T00:55:00.000Z');
    for (const modelId of [canary, gated, other]) {
      const world = await createWorld(stage.cloud, modelId);
      await (modelId === canary ? world.startCanary() : world.awaitApproval());
      world.close();
    }
  }, 300_000);
  afterAll(async () => {
    await stage?.close();
    if (assembly) rmSync(assembly, { recursive: true, force: true });
  });

  /** Shows looks that would take days, in place of the rollout's own. */
  async function withLooks(page: Page): Promise<void> {
    await page.route(`**/v1/rollouts/${canary}-o1`, (route) =>
      route.fulfill({ json: madeUpRollout(`${canary}-o1`, canary) }),
    );
  }

  test('a model leads to its rollout, which is paused and resumed with a reason', async () => {
    const page = await stage.signedIn(`/models/${canary}`);
    await page.getByRole('link', { name: 'rollout, look by look' }).click();
    await page.getByRole('heading', { name: `Rollout ${canary}-o1`, level: 1 }).waitFor();
    await said(page.locator('.page-head')).toMatch(/candidate 2 against champion 1.*asked for by customer/);
    await said(page.locator('.verdict')).toContain('Canary');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByLabel('Reason').fill('a storm');
    await page.getByRole('button', { name: 'Pause: do it' }).click();
    await said(page.locator('.verdict')).toMatch(/Paused.*by .*: a storm/);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByLabel('Reason').fill('it is over');
    await page.getByRole('button', { name: 'Resume: do it' }).click();
    await said(page.locator('.verdict')).toMatch(/^Canary/);
    await page.context().close();
  });

  test('what the API refuses is said in its words, and the reason stays in its field', async () => {
    const page = await stage.signedInAs('Viewer', `/rollouts/${canary}-o1`);
    await page.getByRole('button', { name: 'Abort' }).click();
    await page.getByLabel('Reason').fill('I do not like it');
    await page.getByRole('button', { name: 'Abort: do it' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toMatch(/Your roles do not allow this/);
    expect(await page.getByLabel('Reason').inputValue()).toBe('I do not like it');
    await page.context().close();
  });

  test('a rollout shows both arms with their bounds over time, and how much evidence each step has', async () => {
    const page = await stage.signedIn('/');
    await withLooks(page);
    await page.goto(`${stage.cloud.cdnUrl}/rollouts/${canary}-o1`);
    await page.locator('.chart svg').first().waitFor();
    const steps = page.locator('.rollout-steps tbody tr');
    expect(await steps.count()).toBe(5);
    expect(await steps.nth(1).textContent()).toMatch(
      /5 %pass.*4 looks.*−1.2 % \(.* to .*\).*needs 14,000 rows, has 6,000/,
    );
    expect(await steps.nth(3).textContent()).toMatch(/50 %.*has 21,000 rows, enough.*as expected, 420,000 rows/);
    expect(await page.locator('.verdict').textContent()).toMatch(
      /The promotion waits for an approval until 6 May 2001/,
    );
    expect(await page.locator('.chart').getAttribute('aria-label')).toMatch(/Loss of the candidate.*on-time boardings/);
    await page.getByText('Show as table').click();
    expect(await page.locator('.as-table tbody tr').count()).toBe(14);
    await page.context().close();
  });

  test('the inbox says what is asked and what it rests on; a yes lets the canary begin', async () => {
    const page = await stage.signedIn('/');
    await page.getByRole('link', { name: 'Approvals' }).click();
    const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: gated }) });
    await card.waitFor();
    expect(await card.textContent()).toMatch(
      /Give 5 % of the traffic to version 2.*rollout of customer.*pass.*rolled back/,
    );
    await card.getByText('Let somebody else decide').click();
    await card.getByLabel('Their id').fill('bob');
    await card.getByRole('button', { name: 'Delegate' }).click();
    await said(card).toContain('delegated to bob');
    await card.getByLabel('Comment').fill('seen');
    await card.getByRole('button', { name: 'Approve' }).click();
    await card.waitFor({ state: 'detached' });
    await stage.cloud.pump();
    await page.goto(`${stage.cloud.cdnUrl}/rollouts/${gated}-o1`);
    await expect
      .poll(() => page.locator('.verdict').textContent())
      .toMatch(/Canary.*5 % of the traffic was approved by .*: seen/);
    await page.context().close();
  });

  test('who approves for no team has an empty inbox that says what would fill it', async () => {
    const page = await stage.signedInAs('Viewer', '/approvals');
    await page.getByText('Nothing waits for you').waitFor();
    await page.context().close();
  });

  describe.each(looks)('at $width px, $scheme', (look) => {
    test('no page has accessibility violations, scrolls sideways, or complains', async () => {
      const page = await stage.signedIn('/', look);
      const problems: string[] = [];
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) problems.push(message.text());
      });
      await withLooks(page);
      const pages = {
        approvals: '/approvals',
        rollout: `/rollouts/${canary}-o1`,
        'rollout-new': `/rollouts/${other}-o1`,
      };
      for (const [name, address] of Object.entries(pages)) {
        await page.goto(`${stage.cloud.cdnUrl}${address}`);
        await settled(page);
        if (name === 'rollout') await page.getByRole('button', { name: 'Promote now' }).click();
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
