import { beforeAll, describe, expect, it } from 'vitest';
import { type Row, runDemo, type Story } from './run-demo.ts';

// Four replays of the half-year, one after the other: each takes two cores for a few minutes.
const minutes = 60_000;
const total = (story: Story, count: (row: Row) => number) => story.rows.reduce((sum, row) => sum + count(row), 0);
const causes = (story: Story) => story.rows.map((row) => row.retrains).join(', ');
const show = (name: string, story: Story) =>
  console.log(`${name}\n${story.rows.map((row) => JSON.stringify(row)).join('\n')}`);

describe('the story of the flights', () => {
  let story: Story;
  beforeAll(async () => {
    story = await runDemo();
    show('as they were', story);
    // One chain of hand-overs between processes: whatever shares the machine makes each of them wait.
  }, 17 * minutes);

  it('closes the loop', () => {
    expect(story.status).toBe(0);
    expect(total(story, (row) => row.promoted)).toBeGreaterThan(0);
  });

  it('finds late-basic by ground truth alone', () => {
    const row = story.rows.find(({ model }) => model === 'late-basic');
    expect(row?.performanceBreaches).toBeGreaterThan(0);
    expect(row?.driftBreaches).toBe(0);
  });

  it('finds late-live by drift too', () => {
    expect(story.rows.find(({ model }) => model === 'late-live')?.driftBreaches).toBeGreaterThan(2);
  });

  it('loses no prediction', () => {
    const [, sent, held] = /predictions: ([\d,]+) sent, ([\d,]+) held/.exec(story.output) ?? [];
    expect(held).toBe(sent);
    expect(sent).toBeDefined();
  });

  it('joins every outcome that came in its window', () => {
    const figures =
      /outcomes: ([\d,]+) sent, ([\d,]+) joined to their prediction, ([\d,]+) later/.exec(story.output) ?? [];
    const [sent, joined, late] = figures.slice(1).map((text) => Number(text.replaceAll(',', '')));
    expect(sent).toBeGreaterThan(0);
    expect((joined ?? 0) + (late ?? 0)).toBe(sent);
  });

  it('retrains late-live once after late-basic, as the plan said beforehand', () => {
    const [, followed, planned, happened, verdict] =
      /cascades: (\d+) followed promotions, (\d+) retrains planned, (\d+) happened: (.*)/.exec(story.output) ?? [];
    expect(Number(followed)).toBeGreaterThan(0);
    expect(Number(planned)).toBeGreaterThan(0);
    expect(happened).toBe(planned);
    expect(verdict).toMatch(/^as the plans said beforehand/);
    expect(story.rows.find(({ model }) => model === 'late-live')?.retrains).toMatch(/cascade/);
  });

  it('fails no training', () => {
    expect(story.output).not.toMatch(/ failed +late-/);
  });
});

describe('the story is caused by data', () => {
  it(
    'loses its performance and drift retrains under loose thresholds, while the backstop remains',
    async () => {
      const story = await runDemo('--loose');
      show('--loose', story);
      expect(causes(story)).not.toMatch(/performance|drift/);
      expect(causes(story)).toMatch(/schedule/);
    },
    17 * minutes,
  );

  it(
    'finds no drift when the dates are shuffled',
    async () => {
      const story = await runDemo('--shuffle');
      show('--shuffle', story);
      expect(total(story, (row) => row.driftBreaches)).toBe(0);
    },
    17 * minutes,
  );

  it(
    'lets no sabotaged candidate through',
    async () => {
      const story = await runDemo('--bad-candidate');
      show('--bad-candidate', story);
      expect(total(story, (row) => row.promoted)).toBe(0);
      expect(total(story, (row) => row.refused + row.rolledBack)).toBeGreaterThan(0);
    },
    17 * minutes,
  );
});
