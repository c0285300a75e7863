import { describe, expect, test } from 'vitest';
import { madeUpBacktest } from './made-up-backtest.ts';
import type { Stage } from './stage.ts';

type Place = { readonly stage: Stage; readonly drifted: string; readonly newcomer: string };

/** The backtest page; in a stage with a model that was evaluated, and one that never was. */
export function backtestTests(place: () => Place): void {
  describe('backtest', () => {
    test('another policy is tried beside the one in force, and the address brings it back', async () => {
      const { stage, drifted } = place();
      const page = await stage.signedIn(`/models/${drifted}`);
      await page.getByRole('link', { name: 'Try another policy on the record' }).click();
      await page.getByRole('heading', { name: 'Backtest', level: 1 }).waitFor();
      await page.getByLabel('PSI that breaches').fill('50');
      await page.getByLabel('At risk above staleness').fill('1');
      await page.getByLabel('Cost of a retrain').fill('12.5');
      await page.getByRole('button', { name: '7 days' }).click();
      await page.getByRole('button', { name: 'Run the backtest' }).click();
      const outcome = page.locator('.outcome');
      await outcome.waitFor();
      const cellsOf = (name: string) =>
        outcome.locator('.comparison tr', { hasText: name }).locator('td').allTextContents();
      expect(await cellsOf('Share at risk')).toEqual(['100 %', '0 %', '−100 %']);
      expect((await cellsOf('Alerts per week'))[1]).toBe('0');
      expect(await outcome.locator('.lanes').getAttribute('aria-label')).toMatch(
        /Alerts, in force: 1, Alerts, candidate: 0/,
      );
      await outcome.getByText('Show as table').click();
      expect(await outcome.locator('.as-table tbody tr').first().textContent()).toMatch(/^Alerts, in force.*UTC/);
      expect(await outcome.locator('.assumptions li').count()).toBeGreaterThan(1);
      expect(await outcome.locator('.put-policy').textContent()).toContain(`/v1/models/${drifted}/policy`);
      const address = new URL(page.url());
      expect(Object.fromEntries(address.searchParams)).toEqual({
        psiBreach: '50',
        stalenessThreshold: '1',
        days: '7',
        cost: '12.5',
      });
      await page.goto(address.href);
      expect(await page.getByLabel('PSI that breaches').inputValue()).toBe('50');
      expect(await page.getByRole('button', { name: '7 days' }).getAttribute('aria-pressed')).toBe('true');
      await page.context().close();
    });

    test('degradations found late, found at once and missed each have their words', async () => {
      const { stage, drifted } = place();
      const page = await stage.signedIn(`/models/${drifted}/backtest`);
      await page.route('**/backtests', (route) => route.fulfill({ json: madeUpBacktest(drifted) }));
      await page.getByRole('button', { name: 'Run the backtest' }).click();
      const outcome = page.locator('.outcome');
      await outcome.waitFor();
      expect(await outcome.locator('.reason').textContent()).toBe(
        'The candidate would have alerted 3 times, and would have found 2 of 3 degradations; the policy in force would have alerted once and found 1. It would have asked for 2 retrains instead of 0.',
      );
      const found = await outcome.locator('.detections tbody tr').allTextContents();
      expect(found[0]).toMatch(/auc past the limit.*missed.*30 h after it began/);
      expect(found[1]).toMatch(/missed.*missed/);
      expect(found[2]).toMatch(/you.*stood 12 h before.*stood 6 h before/);
      expect(await outcome.locator('.lane .false-alert').count()).toBe(1);
      await page.context().close();
    });

    test('what the API refuses is said field by field, and what was typed stays', async () => {
      const { stage, drifted } = place();
      const page = await stage.signedIn(`/models/${drifted}/backtest`);
      await page.getByLabel('PSI that breaches').fill('0');
      await page.getByRole('button', { name: 'Edit the whole policy as JSON' }).click();
      const text = page.getByLabel('Policy as JSON');
      expect(await text.inputValue()).toContain('"psiBreach": 0,');
      await page.getByRole('button', { name: 'Run the backtest' }).click();
      const alert = page.getByRole('alert').filter({ hasText: 'The backtest cannot be shown' });
      await alert.waitFor();
      expect(await alert.textContent()).toMatch(/\/policy\/signals\/dataDrift\/psiBreach.*Correlation id/);
      expect(await text.inputValue()).toContain('"psiBreach": 0,');
      await text.fill('{ no policy');
      await page.getByRole('button', { name: 'Back to the fields' }).click();
      await page.getByText('This is not JSON').waitFor();
      expect(await text.inputValue()).toBe('{ no policy');
      await page.context().close();
    });

    test('of a model that was never evaluated it says what would fill it', async () => {
      const { stage, newcomer } = place();
      const page = await stage.signedIn(`/models/${newcomer}/backtest`);
      await page.getByRole('button', { name: 'Run the backtest' }).click();
      await page.getByText('Nothing was recorded in these days').waitFor();
      expect(await page.locator('.notice pre').textContent()).toContain('/deployment');
      await page.context().close();
    });
  });
}
