import { describe, expect, it } from 'vitest';
import { EVENTS_PER_LOOK, lookEvents, MOST_LOOK_EVENTS } from '../../core/failback/bake.ts';
import storefront from '../../switchyard.config.ts';
import { type State, statesOf } from '../_helpers/asl.ts';

/**
 * Events that a state adds to the history when it goes well: entered and exited, and of a Task scheduled, started and
 * succeeded. https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 */
const EVENTS: Readonly<Partial<Record<State['Type'], number>>> = { Task: 5, Choice: 2, Wait: 2, Pass: 2 };
/** Where a history ends: bp-history-limit in the developer guide. */
const QUOTA = 25_000;

/** The states of the shortest way from a state back to itself. */
function loopOf(start: string): readonly State[] {
  const states = new Map(statesOf('failback'));
  const nexts = (name: string): readonly string[] => {
    const { Next, Choices = [], Default } = states.get(name) ?? {};
    return [Next, Default, ...Choices.map((choice) => choice.Next)].filter((next) => next !== undefined);
  };
  let ways: readonly (readonly string[])[] = [[start]];
  for (let length = 0; length < states.size; length++) {
    const back = ways.find((way) => nexts(way.at(-1) ?? '').includes(start));
    if (back !== undefined) return back.flatMap((name) => states.get(name) ?? []);
    ways = ways.flatMap((way) => nexts(way.at(-1) ?? '').map((next) => [...way, next]));
  }
  throw new Error(`${start} is in no loop`);
}

const eventsOf = (states: readonly State[]): number => states.reduce((sum, { Type }) => sum + (EVENTS[Type] ?? 0), 0);

describe('the history of a failback', () => {
  it('grows by as many events per look at a rung as the config is judged by', () => {
    expect(loopOf('CheckRung').map(({ Type }) => Type)).toEqual(['Task', 'Choice', 'Wait']);
    expect(eventsOf(loopOf('CheckRung'))).toBe(EVENTS_PER_LOOK);
  });

  it('has room for the looks beside the longest of the other polls', () => {
    const promotion = (3600 / 5) * eventsOf(loopOf('AwaitSwitchover'));
    const service = 100 * eventsOf(loopOf('ValidateService'));
    expect(MOST_LOOK_EVENTS + promotion + service).toBeLessThan(QUOTA - 2_000);
  });

  it('of the example has room for twenty times its looks', () => {
    expect(lookEvents(storefront.failback)).toBe(3 * 31 * 9);
    expect(20 * lookEvents(storefront.failback)).toBeLessThan(QUOTA);
  });
});
