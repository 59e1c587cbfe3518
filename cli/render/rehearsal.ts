import { targetsOf } from '../../core/decision/targets.ts';
import type { OperationResult, RehearsalResult } from '../../twin/scenarios/result-document.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import type { AnswerShare } from '../../twin/world/dns.ts';
import type { Percentiles } from '../../twin/world/load/recovery-meter.ts';
import { renderTimeline } from './timeline.ts';

/** The state in which both machines wait for a person's decision. */
const HOLD = 'HoldForOperator';

/** A finished rehearsal, for a person to read. */
export function renderRehearsal(result: RehearsalResult, scenario: Scenario): string {
  const { scenario: name, seed, virtualSeconds, wallSeconds, passed } = result;
  return [
    `Rehearsal of ${name}, seed ${seed}`,
    scenario.about,
    '',
    '  seconds  what happened',
    ...renderTimeline(result, scenario),
    '',
    ...renderFailover(result),
    ...renderFailback(result),
    ...renderOthers(result),
    ...renderWorld(result),
    ...result.expectations.map(
      ({ text, held, found }) =>
        `${held ? 'held  ' : 'BROKEN'}  ${text}${held ? '' : ` (found ${JSON.stringify(found)})`}`,
    ),
    '',
    `${passed ? 'PASSED' : 'FAILED'}: ${virtualSeconds} virtual seconds in ${wallSeconds} s`,
  ].join('\n');
}

function renderFailover(result: RehearsalResult): readonly string[] {
  const { failover, answers } = result;
  const {
    status,
    ruleId,
    phases,
    rtoSeconds,
    keptAlive,
    overCaching,
    rpoSeconds,
    requests,
    firstChangedAnswerSeconds,
  } = failover;
  const end = unended(result, ({ kind, status: of }) => kind === 'failover' && of === status);
  const head = `Failover     ${status}${ruleId === null ? '' : ` by rule ${ruleId}`}${end}`;
  const targets = targetsOf(ruleId);
  const target = (seconds: number | undefined, of: string): string =>
    seconds === undefined ? '' : ` (target: ${of}< ${seconds})`;
  const answersLine = `Answers      before ${shares(answers.before)}; after ${shares(answers.afterFailover)}`;
  const writesLine = renderWriteInterruption(failover);
  if (rtoSeconds.p99 === null) return [head, answersLine, ...writesLine, ''];
  return [
    head,
    `Phases (s)   ${Object.entries(phases)
      .map(([phase, seconds]) => `${phase} ${seconds ?? '–'}`)
      .join(', ')}`,
    `First answer changed ${firstChangedAnswerSeconds} s after the fault`,
    answersLine,
    `RTO (s)      ${percentiles(rtoSeconds)} for clients that honour the TTL${target(targets?.rtoSeconds, 'p99 ')}; kept-alive ${percentiles(keptAlive)}; over-caching ${percentiles(overCaching)}`,
    `RPO (s)      ${rpoSeconds ?? 'not measured'}${target(targets?.rpoSeconds, '')}${countOf(result, 'failover') > 1 ? ', the most that any failover lost' : ''}`,
    ...writesLine,
    `Requests     ${requests.failed} of ${requests.total} failed between the fault and the failback`,
    '',
  ];
}

function renderWriteInterruption({ writeInterruption, target }: RehearsalResult['failover']): readonly string[] {
  const { seconds, refused, outside } = writeInterruption;
  if (seconds === null) return [];
  return [
    `Writes       refused for ${seconds} s, from the fence to the first commit in ${target}: ${refused} of them; ${outside} failed at other times`,
  ];
}

function renderFailback(result: RehearsalResult): readonly string[] {
  const { failback, answers } = result;
  if (failback.status === 'NOT_STARTED') return [];
  const rungs = failback.rungs.map(({ percent, observedShare, bakedSeconds }) => {
    const share = observedShare === null ? 'not measured' : `${(observedShare * 100).toFixed(1)} %`;
    return `${percent} % (observed ${share}, baked ${bakedSeconds} s)`;
  });
  return [
    failback.durationSeconds === null
      ? `Failback     ${failback.status}${unended(result, ({ kind }) => kind === 'failback')}`
      : `Failback     ${failback.status} after ${failback.durationSeconds} s`,
    `Rungs        ${rungs.join(', ') || 'none baked'}`,
    `Answers      after ${shares(answers.afterFailback)}`,
    '',
  ];
}

/** The operations that the figures above are not about, one line each. */
function renderOthers({ operations, failover }: RehearsalResult): readonly string[] {
  const firstFailback = operations.find(({ kind }) => kind === 'failback');
  const others = operations.filter(
    (operation) =>
      operation !== firstFailback && !(operation.kind === 'failover' && operation.epoch === failover.epoch),
  );
  const lines = others.map(({ kind, status, source, target, openedAtSeconds, endedAtSeconds }) => {
    const end = endedAtSeconds === null ? 'not ended' : `ended at ${endedAtSeconds.toFixed(1)} s`;
    return `Also         ${kind} ${source} -> ${target}: ${status}, begun at ${openedAtSeconds.toFixed(1)} s, ${end}`;
  });
  return lines.length === 0 ? [] : [...lines, ''];
}

function countOf({ operations }: RehearsalResult, kind: string): number {
  return operations.filter((operation) => operation.kind === kind).length;
}

/** Where an operation stood that the rehearsal outran; empty for one that ended. */
function unended({ operations }: RehearsalResult, isIt: (operation: OperationResult) => boolean): string {
  const operation = operations.find(isIt);
  const last = operation?.states.at(-1);
  if (operation?.endedAtSeconds !== null || last === undefined) return '';
  return last.state === HOLD
    ? `, held for an operator since ${last.atSeconds} s`
    : `, in ${last.state} when the rehearsal ended`;
}

function renderWorld({ world, answers }: RehearsalResult): readonly string[] {
  const records = world.records.map(({ name, setIdentifier, weight, value }) =>
    setIdentifier === null ? `${name} ${value}` : `${name} ${setIdentifier} weight ${weight}`,
  );
  return [
    `In the end   ${world.activeRegion ?? 'nobody'} is active, ${world.writerRegion ?? 'nobody'} writes, answers ${shares(answers.atEnd)}`,
    ...records.map((record) => `Record       ${record}`),
    '',
  ];
}

function percentiles({ p50, p99, max }: Percentiles): string {
  return `p50 ${p50}, p99 ${p99}, max ${max}`;
}

function shares(answers: readonly AnswerShare[]): string {
  return answers.map(({ value, share }) => `${value} ${(share * 100).toFixed(0)} %`).join(' + ') || 'none';
}
