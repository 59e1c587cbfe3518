import type { OperationRecord } from '../../core/operation/operation-record.ts';
import { isSameContent } from '../../core/same-content.ts';
import type { JudgedExpectation } from '../../twin/scenarios/result-document.ts';
import { HOME, HOSTS, STANDBY } from './example.ts';
import type { Stage } from './stage.ts';
import type { Played, Standing } from './story.ts';

/** What the test may not do while what it deployed has to do it. */
const FORBIDDEN = ['Invoke', 'StartExecution', 'PutObject', 'ChangeResourceRecordSets'];

/**
 * Steps without which the record of an operation is not complete. Records are written as well as it goes while a Region is
 * left, and at the latest by the reconciler: that they say what the state says is judged before the next deployment.
 */
const FAILOVER_STEPS = [
  'open-operation',
  'validate-target',
  'fence-source',
  'start-promotion',
  'check-promotion',
  'shift-traffic',
  'verify-answers',
  'verify-traffic',
  'validate-service',
  'close-operation',
];

/** Judges what was played, by what was seen from outside and by the operations' records. */
export function judge(stage: Stage, played: Played): readonly JudgedExpectation[] {
  return [
    ...judgeFailover(stage, played),
    ...judgeAnswers(played),
    ...judgeLaterDeployments(played),
    ...judgeFailback(stage, played),
    ...judgeEnd(stage, played),
  ];
}

function judgeFailover({ aws, witness, gates }: Stage, { failover, faultAtMs }: Played): readonly JudgedExpectation[] {
  const own = aws.log
    .filter(({ atMs }) => atMs >= faultAtMs && atMs <= (failover.endedAtEpochMs ?? Number.POSITIVE_INFINITY))
    .filter(({ command }) => FORBIDDEN.includes(command));
  const decision = witness.decisions.find(({ outcome }) => outcome === 'AUTOMATIC_FAILOVER');
  return [
    expect('the deployed observers decided on D200', decision?.ruleId, 'D200'),
    expect('nobody but them started the failover', failover.request.requestedBy, 'automatic'),
    expect(`between fault and recovery the test called none of ${FORBIDDEN.join(', ')}`, own, []),
    expect('the dead Region answered nobody, and nobody in it was answered', gates.unanswered() > 0, true),
    expect('the failover succeeded', failover.status, 'SUCCEEDED'),
    expect('its record is complete', missingSteps(failover), []),
  ];
}

function judgeAnswers({ resolved, writers }: Played): readonly JudgedExpectation[] {
  return [
    expect('a resolver was led home before', resolved.before, HOSTS[HOME]),
    expect('to the standby after the failover', resolved.afterFailover, HOSTS[STANDBY]),
    expect('and home again after the failback', resolved.afterFailback, HOSTS[HOME]),
    expect('the database followed there', writers.afterFailover, STANDBY),
    expect('and back', writers.afterFailback, HOME),
  ];
}

function judgeLaterDeployments({ redeployed, refusal }: Played): readonly JudgedExpectation[] {
  return [
    expect('the standby served when it was deployed again', redeployed.before.state.activeRegion, STANDBY),
    expect('that moved no weight, record, latch or parameter', redeployed.after, redeployed.before),
    expect(
      'the live weights were kept for that deployment',
      parametersOf(redeployed.before),
      weightsOf(redeployed.before),
    ),
    expect(
      'a deployment of the records during the failback was refused',
      /an operation runs, in phase FAILING_BACK/.test(refusal),
      true,
    ),
  ];
}

function judgeFailback({ config, witness }: Stage, { failback, alarms, final }: Played): readonly JudgedExpectation[] {
  const rungs = failback.events.filter(({ step, outcome }) => step === 'check-rung' && outcome === 'done');
  const { epoch, phase, activeRegion, weights, evacuated } = witness.state() ?? {};
  return [
    // What they say of it is for the speed of this machine to decide; what they say of which traffic, the rehearsals judge.
    expect('the alarms judged the traffic of the standby', Object.keys(alarms).toSorted(), [
      'error-rate',
      'response-time',
    ]),
    expect('the failback succeeded', failback.status, 'SUCCEEDED'),
    expect(
      'through its rungs',
      rungs.map(({ detail }) => detail['percent']),
      [...config.failback.rungs],
    ),
    expect(
      'and left the application as it was',
      { epoch, phase, activeRegion, weights, evacuated },
      { epoch: 2, phase: 'STEADY', activeRegion: HOME, weights: { [HOME]: 100, [STANDBY]: 0 }, evacuated: [] },
    ),
    expect('its records, parameters and switches too', endOf(final), {
      weights: [`${STANDBY} 0`, `${HOME} 100`],
      parameters: [`${STANDBY} 0`, `${HOME} 100`],
      switches: [],
    }),
  ];
}

function judgeEnd({ inbox, troubles }: Stage, { remains }: Played): readonly JudgedExpectation[] {
  return [
    expect('people were told of both ends', endsTold(inbox.messages.map(({ subject }) => subject)), [
      'FAILOVER',
      'FAILBACK',
    ]),
    expect('nothing beside the story failed', troubles.list(), []),
    expect('everything could be removed', remains, []),
  ];
}

function endOf(standing: Standing): unknown {
  return { weights: weightsOf(standing), parameters: parametersOf(standing), switches: standing.switches };
}

function expect(text: string, found: unknown, wanted: unknown): JudgedExpectation {
  return isSameContent(found, wanted) ? { text, held: true } : { text, held: false, found };
}

function missingSteps({ events }: OperationRecord): readonly string[] {
  const done = new Set(
    events.filter(({ outcome }) => outcome === 'done' || outcome === 'requested').map(({ step }) => step),
  );
  return FAILOVER_STEPS.filter((step) => !done.has(step));
}

/** Weights of the records, by the name of the parameter that is to keep each. */
function weightsOf({ records }: Standing): readonly string[] {
  return records
    .flatMap(({ SetIdentifier, Weight }) => (Weight === undefined ? [] : [`${SetIdentifier} ${Weight}`]))
    .toSorted();
}

function parametersOf({ parameters }: Standing): readonly string[] {
  return Object.entries(parameters)
    .map(([name, value]) => `${name.split('/').at(-1)} ${value}`)
    .toSorted();
}

function endsTold(subjects: readonly string[]): readonly string[] {
  return ['FAILOVER', 'FAILBACK'].filter((kind) =>
    subjects.some((subject) => subject.startsWith(`[${kind}][SUCCEEDED]`)),
  );
}
