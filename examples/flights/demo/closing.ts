import type { RunwayClient } from '../../../sdk/client.ts';
import type { ServingReport } from '../serving-protocol.ts';
import { models } from '../settings.ts';
import { loopClosed, readStory, summaryTable } from './summary.ts';

export type Replayed = {
  readonly from: string;
  readonly to: string;
  /** By serving, over both models. */
  readonly sent: ServingReport;
};

/** The table at the end, what serving sent beside what Runway holds, and whether the loop closed. */
export async function closing(client: RunwayClient, { from, to, sent }: Replayed) {
  const stories = await Promise.all(models.map((model) => readStory(client, model, { from, to })));
  const held = {
    predictions: stories.reduce((sum, story) => sum + story.predictions, 0),
    outcomes: stories.reduce((sum, story) => sum + story.attributed, 0),
  };
  const closed = loopClosed(stories);
  const isLoopClosed = closed.found && closed.decided && closed.judged;
  const missing = [
    ...(closed.found ? [] : ['no breach was found']),
    ...(closed.decided ? [] : ['no retrain was decided']),
    ...(closed.judged ? [] : ['no candidate was judged']),
  ];
  const lines = [
    '',
    ...summaryTable(stories),
    '',
    `predictions: ${count(sent.predictions)} sent, ${count(held.predictions)} held by Runway`,
    `outcomes: ${count(sent.outcomes)} sent, ${count(held.outcomes)} joined to their prediction, ${count(sent.late)} later than the attribution window`,
    isLoopClosed
      ? 'The loop closed: a breach was found, the policy decided a retrain, a candidate was judged.'
      : `The loop did not close: ${missing.join(', ')}.`,
  ];
  return { lines, isLoopClosed };
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
