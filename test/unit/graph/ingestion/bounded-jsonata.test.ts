import { afterEach, describe, expect, it } from 'vitest';
import { createBoundedJsonata } from '../../../../shared/adapters/providers/bounded-jsonata.ts';
import { createPace } from '../../../../shared/adapters/providers/pace.ts';
import { isImplausible } from '../../../../shared/domain/graph/ingestion/reconcile.ts';
import { hydrationMessageSchema } from '../../../../shared/domain/graph/ingestion/thin-event.ts';

let mapping = createBoundedJsonata();
afterEach(async () => {
  await mapping.close();
  mapping = createBoundedJsonata();
});

describe('a mapping', () => {
  it('gives plain values, with URIs for what it names', async () => {
    const expression = '{"to": $uri("person", "registry", email), "id": $id}';
    const input = { email: 'ada@example.com' };
    const [value] = await mapping.evaluate([{ expression, input, bindings: { id: '7' } }]);
    expect(value).toEqual({ to: 'aip://person/registry/ada%40example.com', id: '7' });
  });

  it.each([
    ['recursion without end', '($f := function($x) { 1 + $f($x) }; $f(1))'],
    ['a loop without end', '($f := function($x) { $f($x + 1) }; $f(1))'],
    ['a regular expression that backtracks', '$match($pad("", 40, "a") & "b", /^(a+)+$/)'],
    ['a text that doubles', '($f := function($s) { $f($s & $s) }; $f("x"))'],
    ['no such type', '$uri("unicorn", "registry", "x")'],
  ])('ends: %s', async (_what, expression) => {
    const small = createBoundedJsonata({ milliseconds: 1_000, megabytes: 48 });
    await expect(small.evaluate([{ expression, input: {} }])).rejects.toMatchObject({ name: 'MalformedRecord' });
    expect(await small.evaluate([{ expression: '1 + 1', input: {} }])).toEqual([2]);
    await small.close();
  });
});

it('understands thin events as they are, in an event of the bus and in a notification of SNS', () => {
  const event = { provider: 'registry-of-models', type: 'created', id: 'mi-42' };
  const read = { ...event, depth: 0, attempt: 0 };
  expect(hydrationMessageSchema.parse(event)).toEqual(read);
  expect(hydrationMessageSchema.parse({ 'detail-type': 'ThinEvent', detail: event })).toEqual(read);
  const notification = { Type: 'Notification', MessageId: 'm', Message: JSON.stringify(event) };
  expect(hydrationMessageSchema.parse(notification)).toEqual(read);
  expect(hydrationMessageSchema.safeParse({ Type: 'Notification', Message: 'hello' }).success).toBe(false);
});

it('keeps calls apart once a second of them was made at once', async () => {
  let clock = 0;
  const sleep = async (milliseconds: number) => {
    clock += milliseconds;
  };
  const pace = createPace({ callsPerSecond: 10, clock: () => clock, sleep, random: () => 0 });
  for (let call = 0; call < 30; call += 1) await pace.take();
  expect(clock).toBeCloseTo(2_000);
});

it.each([
  [{ missing: 0, present: 0 }, false],
  [{ missing: 3, present: 8 }, false],
  [{ missing: 6, present: 10 }, true],
  [{ missing: 1, present: 1 }, true],
  [{ missing: 50, present: 100 }, false],
  [{ missing: 51, present: 100 }, true],
])('doubts a listing that lacks %j: %s', (counts, isDoubted) => {
  expect(isImplausible(counts)).toBe(isDoubted);
});
