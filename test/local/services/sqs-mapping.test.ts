import { expect, test } from 'vitest';
import { createSqsMapping } from '../../../local/event-sources/sqs-mapping.ts';
import { createPump } from '../../../local/pump.ts';
import { createSqs } from '../../../local/services/sqs.ts';
import type { InvocationResult } from '../../../local/types.ts';
import * as fixtures from './fixtures.ts';

const { failed, functionArn, minute, queue, queueArn, resource, start, succeeded } = fixtures;

type Message = { readonly messageId: string; readonly body: string };
type Answer = (messages: readonly Message[]) => InvocationResult | Promise<InvocationResult>;

function setUp(properties: object, answer: Answer = () => succeeded, concurrency = 1) {
  const time = fixtures.virtualTime();
  const queues = [
    queue('Work', {
      VisibilityTimeout: 60,
      RedrivePolicy: { deadLetterTargetArn: queueArn('Dead'), maxReceiveCount: 3 },
    }),
    queue('Dead'),
  ];
  const sqs = createSqs({ ...time, queues, endpoint: () => '' });
  const messagesOf = (event: unknown) => (event as { readonly Records: readonly Message[] }).Records;
  const { functions, calls } = fixtures.fakeFunctions(({ event }) => answer(messagesOf(event)));
  const mapping = resource('AWS::Lambda::EventSourceMapping', 'Dispatch', '', {
    FunctionName: 'dispatch-retrains',
    EventSourceArn: queueArn('Work'),
    ...properties,
  });
  const pollers = createSqsMapping({ ...time, mapping, functions, sqs, concurrency });
  const pump = createPump({ clock: time.clock, sources: [sqs, ...pollers], idleProbes: [], log: console.error });
  const batches = () => calls.map(({ event }) => messagesOf(event).map(({ body }) => body));
  const send = (...bodies: readonly string[]) => {
    for (const body of bodies) sqs.send(queueArn('Work'), body, { kind: 'retrain' });
  };
  return { ...time, sqs, pump, batches, calls, send };
}

const reporting = { FunctionResponseTypes: ['ReportBatchItemFailures'] };

test('shows messages as Lambda does and deletes them when the function succeeds', async () => {
  const cloud = setUp({});
  cloud.send('{"modelId":"late-basic"}');
  cloud.clock.set(start + 1000);
  await cloud.pump.advanceTo(start + 60 * minute);
  expect(cloud.calls).toEqual([
    {
      functionName: 'dispatch-retrains',
      event: {
        Records: [
          {
            messageId: expect.any(String),
            receiptHandle: expect.any(String),
            body: '{"modelId":"late-basic"}',
            attributes: {
              ApproximateReceiveCount: '1',
              SentTimestamp: String(start),
              ApproximateFirstReceiveTimestamp: String(start + 1000),
              SenderId: 'dispatch-retrains',
            },
            messageAttributes: {
              kind: { dataType: 'String', stringValue: 'retrain', stringListValues: [], binaryListValues: [] },
            },
            md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
            eventSource: 'aws:sqs',
            eventSourceARN: functionArn('').replace('lambda', 'sqs').replace('function:', 'Work'),
            awsRegion: 'us-east-1',
          },
        ],
      },
    },
  ]);
  expect(cloud.sqs.depth(queueArn('Work'))).toMatchObject({ visible: 0, inFlight: 0 });
});

test('only the reported messages come again, after the visibility timeout', async () => {
  const calledAt: number[] = [];
  const answers: Answer[] = [
    (messages) => ({ ok: true, payload: { batchItemFailures: [{ itemIdentifier: messages[1]?.messageId }] } }),
  ];
  const cloud = setUp(reporting, (messages) => {
    calledAt.push(cloud.clock.now() - start);
    return answers.shift()?.(messages) ?? succeeded;
  });
  cloud.send('a', 'b', 'c');
  await cloud.pump.advanceTo(start + 60 * minute);
  expect(cloud.batches()).toEqual([['a', 'b', 'c'], ['b']]);
  expect(calledAt).toEqual([0, minute]);
});

test('a message that always fails ends in the dead-letter queue', async () => {
  const cloud = setUp({ BatchSize: 1 }, ([message]) => (message?.body === 'poison' ? failed : succeeded));
  cloud.send('poison', 'fine');
  await cloud.pump.advanceTo(start + 60 * minute);
  expect(cloud.batches()).toEqual([['poison'], ['fine'], ['poison'], ['poison']]);
  expect(cloud.sqs.depth(queueArn('Work'))).toMatchObject({ visible: 0, inFlight: 0 });
  expect(cloud.sqs.depth(queueArn('Dead')).visible).toBe(1);
});

test('waits for its window unless the batch is full', async () => {
  const cloud = setUp({ BatchSize: 2, MaximumBatchingWindowInSeconds: 10 });
  cloud.send('a');
  await cloud.pump.pump();
  expect(cloud.batches()).toEqual([]);
  await cloud.pump.advanceTo(start + 10_000);
  expect(cloud.batches()).toEqual([['a']]);
  cloud.send('b', 'c');
  await cloud.pump.pump();
  expect(cloud.batches()).toEqual([['a'], ['b', 'c']]);
});

test('deletes what its filter drops', async () => {
  const Pattern = JSON.stringify({ body: { tier: [1] } });
  const cloud = setUp({ FilterCriteria: { Filters: [{ Pattern }] } });
  cloud.send('{"tier":1}', '{"tier":2}');
  await cloud.pump.pump();
  expect(cloud.batches()).toEqual([['{"tier":1}']]);
  expect(cloud.sqs.depth(queueArn('Work'))).toMatchObject({ visible: 0, inFlight: 0 });
});

/** Answers each batch, known by its first message, when the test says so. */
function onRequest() {
  const waiting = new Map<string, (result: InvocationResult) => void>();
  const answer: Answer = ([message]) => new Promise((resolve) => waiting.set(message?.body ?? '', resolve));
  const answerTo = (body: string, result = succeeded) => {
    waiting.get(body)?.(result);
    waiting.delete(body);
  };
  return { answer, answerTo, inHand: () => [...waiting.keys()] };
}

/** What is under way goes on as far as it can without an answer. */
const aTurn = () => new Promise((resolve) => setImmediate(resolve));

test('as many batches are in hand at once as the function has processes, and the next when one is done', async () => {
  const { answer, answerTo, inHand } = onRequest();
  const cloud = setUp({ BatchSize: 1 }, answer, 2);
  cloud.send('a', 'b', 'c');
  const pumped = cloud.pump.pump();
  await aTurn();
  expect(inHand()).toEqual(['a', 'b']);
  answerTo('b');
  await aTurn();
  expect(inHand()).toEqual(['a', 'c']);
  for (const body of ['a', 'c']) answerTo(body);
  await pumped;
  expect(cloud.sqs.depth(queueArn('Work'))).toMatchObject({ visible: 0, inFlight: 0 });
});

test('no more batches are in hand than the mapping allows', async () => {
  const { answer, answerTo, inHand } = onRequest();
  const cloud = setUp({ BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } }, answer, 4);
  cloud.send('a', 'b', 'c');
  const pumped = cloud.pump.pump();
  await aTurn();
  expect(inHand()).toEqual(['a', 'b']);
  answerTo('a');
  await aTurn();
  for (const body of ['b', 'c']) answerTo(body);
  await pumped;
});

test('a batch that fails leaves the batch beside it alone', async () => {
  const { answer, answerTo } = onRequest();
  const cloud = setUp({ ...reporting, BatchSize: 1 }, answer, 2);
  cloud.send('a', 'b');
  const pumped = cloud.pump.pump();
  await aTurn();
  answerTo('a', failed);
  answerTo('b');
  await pumped;
  expect(cloud.sqs.depth(queueArn('Work'))).toMatchObject({ visible: 0, inFlight: 1 });
  const again = cloud.pump.advanceTo(start + minute);
  await aTurn();
  answerTo('a');
  await again;
  expect(cloud.batches()).toEqual([['a'], ['b'], ['a']]);
});

test('time stands still until every batch in hand is answered', async () => {
  const { answer, answerTo } = onRequest();
  const cloud = setUp({ BatchSize: 1 }, answer, 2);
  cloud.send('a', 'b');
  const advanced = cloud.pump.advanceTo(start + minute);
  await aTurn();
  answerTo('a');
  await aTurn();
  expect(cloud.clock.now()).toBe(start);
  answerTo('b');
  await advanced;
  expect(cloud.clock.now()).toBe(start + minute);
});
