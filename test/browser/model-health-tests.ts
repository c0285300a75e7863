import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type Stage, settled } from './stage.ts';

type Place = { readonly stage: Stage; readonly drifted: string; readonly embedder: string };

/** What the page of a model says of its health; in a stage with a model that has drifted, and one with embeddings. */
export function modelHealthTests(place: () => Place): void {
  test('model: each feature has its verdict, its PSI as a share of the limit, its p-value and n', async () => {
    const { stage, drifted } = place();
    const page = await stage.signedIn(`/models/${drifted}`);
    await settled(page);
    const figures = page.locator('.distributions figure');
    await figures.first().waitFor();
    const breach = figures.filter({ has: page.locator('figcaption .state.breach') }).first();
    expect(await breach.textContent()).toMatch(
      /PSI of feature_\d+ [\d.]+ \(.*p \S+ over \d+ and \d+ blocks, n [\d,]+\).*× the limit, significant below/,
    );
    await page.context().close();
  });

  test('model: says of realised performance how much has come, and of the scores whether they mean the same', async () => {
    const { stage, drifted } = place();
    const page = await stage.signedIn(`/models/${drifted}`);
    await settled(page);
    const { signals } = await latestEvaluation(stage, drifted);
    const verdicts = page.locator('.performance-verdicts section');
    await verdicts.first().waitFor();
    const known = ['performance', 'conceptDrift', 'estimatedPerformance'];
    expect(await verdicts.count()).toBe(signals.filter(({ name }) => known.includes(name)).length);
    expect(await verdicts.first().textContent()).toMatch(/^Performance.*outcomes.*n [\d,]+/);
    await page.context().close();
  });

  test('model: a segment stands in the address, and its rows are asked for', async () => {
    const { stage, drifted } = place();
    const page = await stage.signedIn('/');
    await withSegmentsAndProposal(page, drifted);
    await page.goto(`${stage.cloud.cdnUrl}/models/${drifted}`);
    const asked = page.waitForRequest(/\/drift\?segment=long-haul$/);
    await page.getByRole('button', { name: 'long-haul' }).click();
    await asked;
    expect(new URL(page.url()).searchParams.get('segment')).toBe('long-haul');
    expect(await page.locator('#drift').textContent()).toContain('rows whose haul is long or ultra-long');
    await page.context().close();
  });

  test('model: a proposal to deprecate says since when, why, and what a person may do', async () => {
    const { stage, drifted } = place();
    const page = await stage.signedIn('/');
    await withSegmentsAndProposal(page, drifted);
    await page.goto(`${stage.cloud.cdnUrl}/models/${drifted}`);
    const notice = page.locator('.proposal');
    await notice.waitFor();
    expect(await notice.textContent()).toMatch(
      /At risk since 1 Mar 2001.*at risk for 61 days.*Nothing happens by itself/,
    );
    expect(await notice.locator('pre').textContent()).toContain(`/v1/models/${drifted}/lifecycle {"to": "deprecated"`);
    await page.context().close();
  });

  test('model: embeddings that were only turned are stable, and not to be mixed', async () => {
    const { stage, drifted, embedder } = place();
    const page = await stage.signedIn(`/models/${embedder}`);
    const sides = page.locator('.embedding-verdict');
    await sides.first().waitFor();
    expect(await sides.nth(0).textContent()).toMatch(/Did the meaning change\?.*OK/);
    expect(await sides.nth(1).textContent()).toMatch(/Can raw coordinates be mixed\?.*Breach/);
    expect(await sides.nth(0).locator('tbody tr').count()).toBeGreaterThan(2);
    await page.goto(`${stage.cloud.cdnUrl}/models/${drifted}`);
    await page.getByText('No embeddings are compared').waitFor();
    expect(await page.locator('#embeddings pre').textContent()).toContain('"embeddings"');
    await page.context().close();
  });
}

/** What takes two months, or rows with a category, to come about is laid over the model that the API gives. */
export async function withSegmentsAndProposal(page: Page, modelId: string): Promise<void> {
  await page.route(`**/v1/models/${modelId}`, async (route) => {
    const answer = await route.fetch();
    const model = (await answer.json()) as { readonly definition: object };
    const segments = [
      { name: 'long-haul', feature: 'haul', values: ['long', 'ultra-long'] },
      { name: 'night', feature: 'part-of-day', values: ['night'] },
    ];
    const deprecationProposal = {
      since: '2001-03-01T12:00:00.000Z',
      proposedAt: '2001-05-01T12:00:00.000Z',
      reason: 'at risk for 61 days by dataDrift, proposed after 60',
    };
    const json = { ...model, definition: { ...model.definition, segments }, deprecationProposal };
    await route.fulfill({ response: answer, json });
  });
}

type Part = { readonly name: string };
type Found = { readonly signals: readonly { readonly name: string; readonly parts: readonly Part[] }[] };

/** As the API has it, which the page is held against. */
export async function latestEvaluation(stage: Stage, modelId: string): Promise<Found> {
  const token = await stage.cloud.token({ sub: 'ada', groups: ['admin'] });
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${stage.cloud.cdnUrl}/v1/models/${modelId}/health`, { headers });
  return ((await answer.json()) as { readonly evaluation: Found }).evaluation;
}
