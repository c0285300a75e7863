import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { synthesize } from '../infra/synthesize.ts';
import { createWorld } from '../mutation/world.ts';
import { reasonToSkip } from './chromium.ts';
import { looks, openStage, overflowOf, type Stage, settled, shoot, violationsOf } from './stage.ts';

let stage: Stage;
let assembly: string;

describe.skipIf(reasonToSkip)('the page of writers', () => {
  beforeAll(async () => {
    assembly = synthesize([]).directory;
    stage = await openStage(assembly, '2001-05-03T00:55:00.000Z');
    const world = await createWorld(stage.cloud, 'late-live');
    const { succeed } = world;
    await world.register();
    for (const writer of ['flights/gate', 'flights/crew-app', 'flights/old-gate', 'hotels/desk'])
      await succeed('POST', '/v1/writers', { writer, scopes: ['predictions', 'outcomes'] });
    await succeed('POST', '/v1/writers/flights/gate/rotation', { overlapHours: 24, reason: 'every quarter' });
    const reason = 'its labels of the night were all zero';
    await succeed('POST', '/v1/writers/flights/crew-app/distrust', { from: '2001-05-02T22:00:00.000Z', reason });
    await succeed('POST', '/v1/writers/flights/old-gate/revocation', { reason: 'replaced by gate' });
    world.close();
  }, 300_000);
  afterAll(async () => {
    await stage?.close();
    if (assembly) rmSync(assembly, { recursive: true, force: true });
  });

  test('tells by team who may write what, which keys are good, and who is not to be trusted, since when and why', async () => {
    const page = await stage.signedIn('/');
    await page.getByRole('link', { name: 'Writers' }).click();
    await settled(page);
    const flights = page.getByRole('region', { name: /flights/ }).locator('tbody tr');
    expect(await flights.count()).toBe(3);
    const row = async (name: string) => (await flights.filter({ hasText: name }).first().textContent()) ?? '';
    expect(await row('flights/gate')).toMatch(
      /active.*predictions, outcomes.*1,200,000.*generation 2.*formerly 1, good until 4 May 2001/s,
    );
    expect(await row('crew-app')).toMatch(
      /distrusted.*since 2 May 2001, 22:00 UTC count for nothing: its labels .* zero/s,
    );
    expect(await row('old-gate')).toMatch(/revoked.*Nothing is taken since 3 May 2001/s);
    expect(
      await page
        .getByRole('region', { name: /hotels/ })
        .locator('tbody tr')
        .count(),
    ).toBe(1);
    await page.context().close();
  });

  test('tells an admin how to change one, with what the API takes', async () => {
    const page = await stage.signedIn('/writers');
    await settled(page);
    const crew = page.locator('tbody tr').filter({ hasText: 'crew-app' });
    await crew.getByText('What you can do').click();
    const commands = await crew.locator('pre').allTextContents();
    expect(commands.map((command) => /writers\/flights\/crew-app\/(\w+)/.exec(command)?.[1])).toEqual([
      'rotation',
      'distrust',
      'trust',
      'revocation',
    ]);
    expect(commands[2]).toContain('{"distrustId":1,"reason":"…"}');
    await page.context().close();
  });

  test('tells a viewer of no action', async () => {
    const page = await stage.signedInAs('Viewer', '/writers');
    await settled(page);
    expect(await page.locator('tbody tr').count()).toBe(4);
    expect(await page.getByText('What you can do').count()).toBe(0);
    await page.context().close();
  });

  test.each(looks)('at $width px, $scheme, is accessible and no wider than the window', async (look) => {
    const page = await stage.signedIn('/writers', look);
    await settled(page);
    await page.getByText('What you can do').first().click();
    await shoot(page, 'writers', look);
    expect(await violationsOf(page)).toEqual([]);
    expect(await overflowOf(page)).toBe(0);
    await page.context().close();
  });
});
