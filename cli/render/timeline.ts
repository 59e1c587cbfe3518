import type { Fault } from '../../twin/scenarios/fault-schema.ts';
import type { OperationResult, RehearsalResult } from '../../twin/scenarios/result-document.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';

/** One line of the story. */
interface Moment {
  readonly atSeconds: number;
  readonly who: string;
  readonly what: string;
}

/** What happened when, one line a moment, in order. */
export function renderTimeline(result: RehearsalResult, scenario: Scenario): readonly string[] {
  const moments: readonly Moment[] = [
    ...scenario.faults.flatMap(faultMoments),
    ...result.decisions.map(({ atSeconds, outcome, ruleId, reason }) => ({
      atSeconds,
      who: 'decision',
      what: `${ruleId} ${outcome}: ${reason}`,
    })),
    ...result.operations.flatMap(operationMoments),
    ...result.notifications.map(({ atSeconds, subject }) => ({ atSeconds, who: 'notified', what: subject })),
  ];
  return moments
    .toSorted((a, b) => a.atSeconds - b.atSeconds)
    .map(({ atSeconds, who, what }) => `${atSeconds.toFixed(1).padStart(9)}  ${who.padEnd(9)} ${what}`);
}

function faultMoments(fault: Fault): readonly Moment[] {
  const { atSeconds, untilSeconds, kind, ...rest } = fault;
  const what = `${kind} ${Object.values(rest).flat().join(' ')}`.trim();
  const over = untilSeconds === undefined ? [] : [{ atSeconds: untilSeconds, who: 'fault', what: `${what} is over` }];
  return [{ atSeconds, who: 'fault', what }, ...over];
}

function operationMoments({ kind, states, events }: OperationResult): readonly Moment[] {
  const facts = events
    .filter(({ outcome }) => outcome !== 'waiting')
    .map(({ atSeconds, step, outcome, detail }) => ({
      atSeconds,
      who: 'recorded',
      what: `${step} ${outcome}${describe(detail)}`,
    }));
  return [...collapse(states).map(({ atSeconds, state }) => ({ atSeconds, who: kind, what: state })), ...facts];
}

/** A loop of polling states is told once, with how often it went round. */
function collapse(
  states: OperationResult['states'],
): readonly { readonly atSeconds: number; readonly state: string }[] {
  const first = new Map<string, number>();
  const times = new Map<string, number>();
  for (const { atSeconds, state } of states) {
    if (!first.has(state)) first.set(state, atSeconds);
    times.set(state, (times.get(state) ?? 0) + 1);
  }
  return [...first].map(([state, atSeconds]) => {
    const count = times.get(state) ?? 1;
    return { atSeconds, state: count === 1 ? state : `${state} (entered ${count} times)` };
  });
}

/** What a story tells of lists: why something was refused, and what was passed by. */
const TOLD_LISTS: ReadonlySet<string> = new Set(['reasons', 'skippedGates']);

/** The facts of a line, but for times of the rehearsal's own calendar, which nobody can relate to its seconds. */
function describe(detail: Readonly<Record<string, unknown>>): string {
  const facts = Object.entries(detail).flatMap(([name, value]) => {
    const text = TOLD_LISTS.has(name) && Array.isArray(value) ? value.join('; ') : shorten(value);
    return text === '' || name.endsWith('EpochMs') ? [] : [`${name} ${text}`];
  });
  return facts.length === 0 ? '' : ` (${facts.join(', ')})`;
}

function shorten(value: unknown): string {
  if (typeof value === 'object') return '';
  return typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(2) : String(value);
}
