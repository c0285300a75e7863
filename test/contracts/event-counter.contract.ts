import { expect, it } from 'vitest';
import type { EventCounter } from '../../shared/ports/event-counter.ts';

/** What every event counter promises. `create` returns one that has counted nothing of these writers. */
export function eventCounterContract(create: () => EventCounter): void {
  it('counts by writer and minute', async () => {
    const counter = create();
    expect(await counter.add('flights/gate', '2001-01-22T06:15', 3)).toBe(3);
    expect(await counter.add('flights/gate', '2001-01-22T06:15', 4)).toBe(7);
    expect(await counter.add('flights/gate', '2001-01-22T06:16', 5)).toBe(5);
    expect(await counter.add('flights/desk', '2001-01-22T06:15', 6)).toBe(6);
  });

  it('loses nothing that is added at once', async () => {
    const counter = create();
    const totals = await Promise.all(
      [1, 2, 3].map((events) => counter.add('flights/gate', '2001-01-22T07:00', events)),
    );
    expect(Math.max(...totals)).toBe(6);
  });
}
