import { targetsOf } from '../../core/decision/targets.ts';
import type { RehearsalResult } from '../../twin/scenarios/result-document.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { renderRehearsal } from './rehearsal.ts';

/** A rehearsal as Markdown: the figures as a table, the story as it was printed. */
export function renderReport(result: RehearsalResult, scenario: Scenario): string {
  const { failover, failback } = result;
  const targets = targetsOf(failover.ruleId);
  const target = (seconds: number | undefined, of: string): string =>
    seconds === undefined ? '' : ` (target: ${of}< ${seconds})`;
  const figure = (value: number | null): string => (value === null ? 'not measured' : String(value));
  const rows = [
    ['failover', failover.status],
    ['rule', failover.ruleId ?? '–'],
    ['first changed answer (s)', figure(failover.firstChangedAnswerSeconds)],
    [
      'RTO p50 / p99 / max (s)',
      `${[failover.rtoSeconds.p50, failover.rtoSeconds.p99, failover.rtoSeconds.max].map(figure).join(' / ')}${target(targets?.rtoSeconds, 'p99 ')}`,
    ],
    ['RPO (s)', `${figure(failover.rpoSeconds)}${target(targets?.rpoSeconds, '')}`],
    ['failback', failback.status],
    ['rungs', failback.rungs.map(({ percent }) => `${percent} %`).join(', ') || '–'],
  ];
  return [
    `# Rehearsal of ${result.scenario}, seed ${result.seed}: ${result.passed ? 'passed' : 'failed'}`,
    '',
    '| figure | value |',
    '|---|---|',
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
    '',
    '```text',
    renderRehearsal(result, scenario),
    '```',
  ].join('\n');
}
