import type { ObserverReport } from '../../core/health/report.ts';
import { isoTime } from '../../core/iso-time.ts';
import type { Transition } from '../../core/operation/transitions.ts';

/** Sort keys of the coordination table. Items of the present share a prefix, so that one query reads them all. */
export const itemKeys = {
  currentPrefix: 'now#',
  state: 'now#state',
  decision: 'now#decision',
  reportPrefix: 'now#report#',
  report: (observer: string, subject: string): string => `now#report#${observer}#${subject}`,
  parityPrefix: 'now#parity#',
  parity: (target: string): string => `now#parity#${target}`,
  round: (observer: string): string => `round#${observer}`,
  keptPrefix: 'decision#',
  kept: (decidedAtEpochMs: number): string => `decision#${isoTime(decidedAtEpochMs)}`,
  operationPrefix: 'operation#',
  operation: (operationId: string): string => `operation#${operationId}`,
} as const;

/** An update with its condition. */
export interface Expression {
  readonly update: string;
  readonly condition: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

/** A transition as an update: set these, if those still are what they were. */
export function transitionExpression({ expect, set }: Transition): Expression {
  const expected = Object.entries(expect);
  const changed = Object.entries(set);
  return {
    update: `SET ${changed.map((_, index) => `#s${index} = :s${index}`).join(', ')}`,
    condition: expected.map((_, index) => `#e${index} = :e${index}`).join(' AND '),
    names: Object.fromEntries([
      ...expected.map(([name], index) => [`#e${index}`, name]),
      ...changed.map(([name], index) => [`#s${index}`, name]),
    ]),
    values: Object.fromEntries([
      ...expected.map(([, value], index) => [`:e${index}`, value]),
      ...changed.map(([, value], index) => [`:s${index}`, value]),
    ]),
  };
}

/** A report laid over the one that stands: checks and metrics that were not probed this time keep their place. */
export function mergeExpression({ checks, metrics, round, reportedAtEpochMs }: ObserverReport): Expression {
  const entries = [
    ...Object.entries(checks).map(([name, state]) => ({ parent: '#checks', name, value: state as unknown })),
    ...Object.entries(metrics).map(([name, metric]) => ({ parent: '#metrics', name, value: metric as unknown })),
  ];
  const used = new Set(entries.map(({ parent }) => parent));
  return {
    update: `SET #round = :round, #at = :at${entries.map(({ parent }, index) => `, ${parent}.#n${index} = :v${index}`).join('')}`,
    condition: 'attribute_exists(#round)',
    names: {
      '#round': 'round',
      '#at': 'reportedAtEpochMs',
      ...(used.has('#checks') ? { '#checks': 'checks' } : {}),
      ...(used.has('#metrics') ? { '#metrics': 'metrics' } : {}),
      ...Object.fromEntries(entries.map(({ name }, index) => [`#n${index}`, name])),
    },
    values: {
      ':round': round,
      ':at': reportedAtEpochMs,
      ...Object.fromEntries(entries.map(({ value }, index) => [`:v${index}`, value])),
    },
  };
}
