import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureAssembly } from '../../local/synthesize.ts';
import { reasonToSkip } from './chromium.ts';
import { looks, openStage, overflowOf, type Stage, settled, shoot, signIn, violationsOf } from './stage.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
let stage: Stage;

const addresses = {
  fleet: '/',
  model: '/models/nobody',
  backtest: '/models/nobody/backtest',
  queue: '/retraining-queue',
  'not-found': '/no/such/page',
} as const;

describe.skipIf(reasonToSkip)('the portal of an empty cloud', () => {
  beforeAll(async () => {
    stage = await openStage(
      ensureAssembly(project, () => undefined),
      '2001-05-03T12:00:00.000Z',
    );
  });
  afterAll(() => stage?.close());

  describe('signing in', () => {
    test('comes back to the page that was asked for, and shows who one is', async () => {
      const page = await stage.anonymous();
      await page.goto(`${stage.cloud.cdnUrl}/retraining-queue`);
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Sign in');
      expect(await page.locator('main').textContent()).toContain('/retraining-queue');
      await signIn(page, 'Viewer');
      expect(new URL(page.url()).pathname).toBe('/retraining-queue');
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Retrain queue');
      expect(await page.getByRole('banner').textContent()).toContain('vera');
      await page.context().close();
    });

    test('holds in another tab, and ends in both when one signs out', async () => {
      const page = await stage.signedIn('/');
      const other = await page.context().newPage();
      await other.goto(`${stage.cloud.cdnUrl}/retraining-queue`);
      await other.getByRole('heading', { name: 'Retrain queue', level: 1 }).waitFor();
      await other.getByRole('button', { name: 'Sign out' }).click();
      await other.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor();
      await page.reload();
      await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor();
      await page.context().close();
    });

    test('is asked for again when the API no longer takes the token', async () => {
      const page = await stage.signedIn('/');
      await page.route('**/v1/**', (route) => route.fulfill({ status: 401, json: { message: 'Unauthorized' } }));
      await page.reload();
      await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor();
      await page.context().close();
    });

    test('explains a code that does not work', async () => {
      const page = await stage.anonymous();
      await page.goto(`${stage.cloud.cdnUrl}/signed-in?code=old&state=old`);
      expect(await page.getByRole('alert').textContent()).toContain('You are not signed in');
      await page.context().close();
    });
  });

  test('empty: says what would be here and the command that brings it', async () => {
    const page = await stage.signedIn('/');
    const content = page.locator('#content');
    await content.getByText('No model is registered yet').waitFor();
    expect(await content.locator('pre').textContent()).toContain(`curl -X POST ${stage.cloud.cdnUrl}/v1/models`);
    await page.getByRole('link', { name: 'Retrain queue' }).click();
    await content.getByText('Nothing waits').waitFor();
    expect(await content.locator('pre').textContent()).toContain('/retrains');
    await page.context().close();
  });

  test('empty: the command that it shows registers a model', async () => {
    const page = await stage.signedIn('/');
    const command = (await page.locator('#content pre').textContent()) ?? '';
    const [, body = ''] = /-d '(\{[\s\S]+\})'/.exec(command) ?? [];
    const definition = { ...(JSON.parse(body) as object), taskType: 'nonsense' };
    const token = await stage.cloud.token({ sub: 'ada', groups: ['admin'] });
    const send = (content: string) =>
      fetch(`${stage.cloud.cdnUrl}/v1/models`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': 'test' },
        body: content,
      });
    // The API names exactly the field that was spoiled, so it accepts the others; nothing is registered.
    const answer = (await (await send(JSON.stringify(definition))).json()) as { errors: { field: string }[] };
    expect(answer.errors.map(({ field }) => field)).toEqual(['/taskType']);
    await page.context().close();
  });

  test('error: shows title, detail and correlation id of the problem, and asks again', async () => {
    const page = await stage.signedIn('/models/nobody');
    // Its health may be told to be missing before the model is.
    const alert = page.getByRole('alert').filter({ hasText: 'Model nobody cannot be shown' });
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(/Correlation id \S{8,}/);
    const asked = page.waitForRequest('**/v1/models/nobody');
    await alert.getByRole('button', { name: 'Try again' }).click();
    await asked;
    await page.context().close();
  });

  test('loading: shows the real headings before there is anything to fill them', async () => {
    const page = await stage.signedIn('/');
    const release = await hold(page);
    await page.reload();
    await page.getByRole('status', { name: 'Loading models' }).waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Fleet');
    for (const head of ['Verdict', 'Model', 'Why', 'Staleness', '30 days'])
      expect(await page.locator('.fleet-head').getByText(head).count()).toBe(1);
    await release();
    await page.getByText('No model is registered yet').waitFor();
    await page.context().close();
  });

  test('an address that is no page says so', async () => {
    const page = await stage.signedIn('/no/such/page');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('There is no such page');
    await page.context().close();
  });

  describe.each(looks)('at $width px, $scheme', (look) => {
    test('no page has accessibility violations or scrolls sideways: sign-in, empty, loading, error, not found', async () => {
      const page = await stage.anonymous(look);
      const problems: string[] = [];
      const examine = async (name: string) => {
        await shoot(page, name, look);
        problems.push(...(await violationsOf(page)).map((violation) => `${name}: ${violation}`));
        const overflow = await overflowOf(page);
        if (overflow > 0) problems.push(`${name}: ${overflow} px too wide`);
      };
      await page.goto(`${stage.cloud.cdnUrl}/models/late-live`);
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      await examine('sign-in');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('Who are you?').waitFor();
      await shoot(page, 'issuer', look);
      await page.getByRole('button', { name: 'Admin' }).click();
      await page.locator('#content').waitFor();
      for (const [name, address] of Object.entries(addresses)) {
        await page.goto(`${stage.cloud.cdnUrl}${address}`);
        await settled(page);
        await examine(`${name}-${address.startsWith('/models/') ? 'error' : 'empty'}`);
        const release = await hold(page);
        await page.reload();
        await page.getByRole('heading', { level: 1 }).waitFor();
        if (name !== 'not-found') await examine(`${name}-loading`);
        await release();
      }
      expect(problems).toEqual([]);
      await page.context().close();
    });
  });
});

/** Requests wait until the returned function lets them go. */
async function hold(page: Page): Promise<() => Promise<void>> {
  const waiting: (() => Promise<void>)[] = [];
  await page.route('**/v1/**', (route) => void waiting.push(() => route.continue()));
  return async () => {
    await page.unroute('**/v1/**');
    for (const proceed of waiting) await proceed().catch(() => undefined);
  };
}
