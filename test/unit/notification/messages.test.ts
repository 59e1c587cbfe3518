import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../core/config/resolve.ts';
import type { ConfigInput } from '../../../core/config/types.ts';
import { decide } from '../../../core/decision/decide.ts';
import type { Message } from '../../../core/notification/channel.ts';
import { consoleLink, runbookLink } from '../../../core/notification/links.ts';
import {
  approvalMessage,
  customerText,
  holdMessage,
  type MessageFacts,
  progressMessage,
  reviewMessage,
} from '../../../core/notification/messages.ts';
import type { OperationRecord } from '../../../core/operation/operation-record.ts';
import { parseRequest } from '../../../core/operation/request.ts';
import { activeInput, regionsOf, SINGAPORE, SYDNEY, TOKYO, testConfig } from '../../_helpers/config.ts';
import { assessmentOf, NOW } from '../../_helpers/observations.ts';
import { recordOf, requestOf, stateOf } from '../../_helpers/operations.ts';

const TOKEN = 'AQCEAAAAKgAAAAMAAAAAAAAAAT+/=';

function facts(record: Partial<OperationRecord> = {}, config: Partial<ConfigInput> = {}): MessageFacts {
  return {
    config: testConfig({ notify: { incidentChannel: '#incident' }, ...config }),
    region: TOKYO,
    record: recordOf(record),
    nowEpochMs: NOW,
  };
}

const bodyOf = ({ body }: Message): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>;

describe('a message about an operation', () => {
  it('holds every fact, as JSON', () => {
    const body = bodyOf(progressMessage({ ...facts(), event: 'started' }));
    expect(body).toEqual({
      event: 'started',
      status: 'STARTED',
      kind: 'failover',
      application: 'storefront',
      operationId: 'storefront-1-manual',
      epoch: 1,
      source: SINGAPORE,
      target: TOKYO,
      mode: 'manual',
      reason: 'a test',
      requestedBy: 'alice',
      startedAt: '2026-11-21T11:59:00.000Z',
      phases: [
        { phase: 'open-operation', state: 'done', at: '2026-11-21T11:59:00.000Z' },
        { phase: 'fence-source', state: 'done', at: '2026-11-21T11:59:10.000Z' },
      ],
      rtoSoFarSeconds: 60,
      estimatedCompletion: '2026-11-21T12:04:00.000Z',
      incidentChannel: '#incident',
      console: consoleLink(TOKYO, recordOf().executionArn),
      runbook: 'docs/runbooks/failover.md',
      metricNamespace: 'Switchyard',
      customerText: expect.stringMatching(/^Because of a disruption/),
      text: `failover of storefront from ${SINGAPORE} to ${TOKYO}: STARTED after 60 s. Reason: a test, requested by alice.`,
    });
  });

  it('names the ticket and the cause where there are any', () => {
    const ticket = facts({ request: requestOf({ ticket: 'INC-7' }) });
    expect(bodyOf(progressMessage({ ...ticket, event: 'started' }))).toMatchObject({ ticket: 'INC-7' });
    const failed = bodyOf(progressMessage({ ...facts(), event: 'failed', cause: 'no quorum' }));
    expect(failed).toMatchObject({ cause: 'no quorum', text: expect.stringMatching(/ Cause: no quorum\.$/) });
    expect(bodyOf(progressMessage({ ...facts(), event: 'failed', cause: '' }))['text']).toMatch(/alice\.$/);
  });

  it('has no incident channel where none is configured', () => {
    expect(bodyOf(progressMessage({ ...facts({}, { notify: {} }), event: 'started' }))['incidentChannel']).toBeNull();
  });

  it('counts the time to the end once there is one', () => {
    const ended = facts({ endedAtEpochMs: NOW - 15_000, status: 'SUCCEEDED' });
    expect(bodyOf(progressMessage({ ...ended, event: 'succeeded' }))).toMatchObject({
      rtoSoFarSeconds: 45,
      text: expect.stringContaining('SUCCEEDED after 45 s'),
    });
  });

  it('estimates the end by the deadline of the promotion where there is one', () => {
    const data = { adapter: 'aurora-global', globalCluster: 'storefront', promotionDeadlineSeconds: 120 } as const;
    const body = bodyOf(progressMessage({ ...facts({}, { data }), event: 'started' }));
    expect(body['estimatedCompletion']).toBe('2026-11-21T12:06:00.000Z');
  });

  it.each([
    { mode: 'manual', end: '2026-11-21T13:34:00.000Z' },
    { mode: 'emergency', end: '2026-11-21T12:34:00.000Z' },
  ] as const)('estimates the end of a $mode failback by the bake of its rungs', ({ mode, end }) => {
    const failback = facts({ kind: 'failback', request: requestOf({ mode }) });
    expect(bodyOf(progressMessage({ ...failback, event: 'started' }))['estimatedCompletion']).toBe(end);
  });

  it.each([
    { event: 'started', status: 'RUNNING', subject: '[FAILOVER][STARTED]' },
    { event: 'failed', status: 'RUNNING', subject: '[FAILOVER][FAILED]' },
    { event: 'succeeded', status: 'SUCCEEDED', subject: '[FAILOVER][SUCCEEDED]' },
    { event: 'failed', status: 'FAILED', subject: '[FAILOVER][FAILED]' },
    { event: 'failed', status: 'ABORTED', subject: '[FAILOVER][ABORTED]' },
    { event: 'held', status: 'NEEDS_OPERATOR', subject: '[FAILOVER][NEEDS_OPERATOR]' },
  ] as const)('of $event while $status is headed $subject', ({ event, status, subject }) => {
    const message = progressMessage({ ...facts({ status }), event });
    expect(message.subject).toBe(`${subject} storefront: ${SINGAPORE} -> ${TOKYO}`);
    expect(`[FAILOVER][${bodyOf(message)['status']}]`).toBe(subject);
  });

  it('says that it is about a failback', () => {
    const { subject, body } = progressMessage({ ...facts({ kind: 'failback' }), event: 'started' });
    expect(subject).toMatch(/^\[FAILBACK\]\[STARTED\] /);
    expect(JSON.parse(body)).toMatchObject({ kind: 'failback', runbook: 'docs/runbooks/failback.md' });
  });
});

describe('the subject of a message', () => {
  const long = requestOf({ source: 'ü'.repeat(60), target: '東京'.repeat(30) });
  const messages: readonly Message[] = [
    progressMessage({ ...facts({ request: long }), event: 'started' }),
    approvalMessage({ ...facts({ request: long }), taskToken: TOKEN }),
    holdMessage({ ...facts({ request: long }), taskToken: TOKEN, cause: 'x', state: stateOf() }),
    progressMessage({ ...facts({ request: requestOf({ source: 'a\nb', target: '\u0000\u007f' }) }), event: 'started' }),
  ];

  it.each(messages)('is printable ASCII of fewer than 100 characters: $subject', ({ subject }) => {
    expect(subject.length).toBeLessThan(100);
    expect(subject).toMatch(/^[ -~]+$/);
  });

  it('has room for the longest application and Regions', () => {
    const request = requestOf({ source: 'eusc-de-east-1', target: 'ap-southeast-1' });
    const record = facts({ application: 'a'.repeat(20), request });
    const { subject } = holdMessage({ ...record, taskToken: TOKEN, cause: 'x', state: stateOf() });
    expect(subject).toBe(`[FAILOVER][NEEDS_OPERATOR] ${'a'.repeat(20)}: eusc-de-east-1 -> ap-southeast-1`);
  });
});

describe('a task token', () => {
  const approval = bodyOf(approvalMessage({ ...facts(), taskToken: TOKEN }));
  const hold = bodyOf(
    holdMessage({ ...facts(), taskToken: TOKEN, cause: 'the promotion did not finish', state: stateOf() }),
  );

  it.each([
    { what: 'approval', body: approval },
    { what: 'hold', body: hold },
  ])('of an $what stands in the commands and nowhere else', ({ body }) => {
    const { commands, ...rest } = body;
    expect(JSON.stringify(rest)).not.toContain(TOKEN);
    for (const command of Object.values(commands as Record<string, string>)) {
      expect(command).toContain(`--task-token '${TOKEN}'`);
      expect(command).toContain(`--region ${TOKYO}`);
    }
  });

  it('is answered with approve or decline', () => {
    expect(approval['commands']).toEqual({
      approve: `aws stepfunctions send-task-success --region ${TOKYO} --task-token '${TOKEN}' --task-output '{"decision":"approve","by":"<your name>"}'`,
      decline: `aws stepfunctions send-task-failure --region ${TOKYO} --task-token '${TOKEN}' --error ApprovalDeclinedError --cause "<why>"`,
    });
    expect(approval).toMatchObject({ event: 'approval-requested', status: 'WAITING' });
    expect(approval['text']).toMatch(/^Approve or decline failover .* Nothing has been changed\.$/);
  });

  it('is answered with resume or abort', () => {
    expect(Object.keys(hold['commands'] as object)).toEqual(['resume', 'abort']);
    expect(hold).toMatchObject({ event: 'held', status: 'NEEDS_OPERATOR', cause: 'the promotion did not finish' });
    expect(hold['text']).toContain('the promotion did not finish');
  });

  it.each([
    { events: [], past: false },
    { events: [{ atEpochMs: NOW, step: 'start-promotion', outcome: 'requested', detail: {} }], past: true },
  ] as const)('speaks of the point of no return where a promotion is on record: $past', ({ events, past }) => {
    const text = bodyOf(holdMessage({ ...facts({ events }), taskToken: TOKEN, cause: 'x', state: stateOf() }))['text'];
    expect(String(text).includes('is past its point of no return and cannot finish')).toBe(past);
    expect(text).toContain('cannot finish by itself');
  });
});

describe('a message that asks for a review', () => {
  const config = testConfig({ automation: { enabled: false } });
  const decision = decide({
    config,
    assessment: assessmentOf(config, { all: 'failed' }),
    others: [assessmentOf(config, { subject: TOKYO })],
    state: stateOf(),
    previous: undefined,
    nowEpochMs: NOW,
  });
  const body = bodyOf(reviewMessage({ config, decision }));

  it('says what was decided, by which row, which gate stood in the way and what was seen', () => {
    expect(body).toMatchObject({
      event: 'manual-review',
      application: 'storefront',
      region: SINGAPORE,
      ruleId: 'D200',
      confidence: 'HIGH',
      reason: decision.reason,
      closedGate: 'automation-enabled',
      decidedAt: '2026-11-21T12:00:00.000Z',
      runbook: 'docs/runbooks/manual-review.md',
    });
    expect(body['checks']).toHaveLength(8);
    expect(body['text']).toContain(`start the state machine in ${TOKYO}`);
  });

  it('holds an input that the machine takes as it is', () => {
    expect(parseRequest(config, body['executionInput'])).toEqual({ request: body['executionInput'] });
    expect(body['executionInput']).toMatchObject({ source: SINGAPORE, target: TOKYO, reason: 'D200', mode: 'manual' });
  });

  it('names a target also where none qualified, and the machine of its Region whoever decides', () => {
    const none = { ...decision, target: null };
    const unsent = bodyOf(reviewMessage({ config, decision: none }));
    expect(unsent['executionInput']).toMatchObject({ target: TOKYO });
    expect(unsent['text']).toContain(`in ${TOKYO} with`);
  });

  it('names no target to which the data may not go', () => {
    const regions = regionsOf([SINGAPORE, TOKYO, SYDNEY], 'active');
    const locations = [{ location: '*', region: SINGAPORE }];
    const residency = [[SINGAPORE, SYDNEY], [TOKYO]];
    const resident = resolveConfig(activeInput({ regions, routing: { policy: 'geolocation', locations, residency } }));
    const target = (subject: string): unknown => {
      const unmet = { ...decision, subject, target: null };
      return bodyOf(reviewMessage({ config: resident, decision: unmet }))['executionInput'];
    };
    expect(target(SINGAPORE)).toMatchObject({ target: SYDNEY });
    expect(target(TOKYO)).toMatchObject({ target: '' });
    const nowhere = bodyOf(
      reviewMessage({ config: resident, decision: { ...decision, subject: TOKYO, target: null } }),
    );
    expect(nowhere['text']).toContain('traffic has nowhere to go');
    expect(nowhere['text']).not.toContain('start the state machine');
  });

  it('has a subject of printable ASCII', () => {
    expect(reviewMessage({ config, decision }).subject).toBe(`[FAILOVER][MANUAL_REVIEW] storefront: ${SINGAPORE}`);
  });
});

describe('the text for customers', () => {
  const text = (record: Partial<OperationRecord>, config: Partial<ConfigInput> = {}): string =>
    customerText(facts(record, config));

  it('says since when service is being moved', () => {
    expect(text({})).toBe(
      'Because of a disruption in one of our locations, requests may have been interrupted. ' +
        'We are moving service to another location since 2026-11-21T11:59:00.000Z. No stored data is at risk.',
    );
  });

  it.each([
    { status: 'RUNNING', endedAtEpochMs: null, says: 'We are moving service' },
    { status: 'NEEDS_OPERATOR', endedAtEpochMs: null, says: 'We are moving service' },
    { status: 'NEEDS_OPERATOR', endedAtEpochMs: NOW, says: 'We are moving service' },
    { status: 'ABORTED', endedAtEpochMs: NOW, says: 'Service stays in its present location.' },
    { status: 'FAILED', endedAtEpochMs: NOW, says: 'Service stays in its present location.' },
    { status: 'SUCCEEDED', endedAtEpochMs: NOW, says: 'Service was moved to another location within 1 min.' },
  ] as const)('says "$says" of an operation that is $status', ({ says, ...record }) => {
    expect(text(record)).toContain(says);
  });

  const data = { adapter: 'aurora-global', globalCluster: 'storefront' } as const;
  it.each([
    { what: 'a failover whose promotion allows a loss', record: {}, config: { data }, safe: false },
    { what: 'a switchover', record: { request: requestOf({ mode: 'planned' }) }, config: { data }, safe: true },
    { what: 'a failback, which switches over', record: { kind: 'failback' }, config: { data }, safe: true },
    { what: 'a failover that promotes nothing', record: {}, config: {}, safe: true },
    { what: 'no loss accepted', record: { request: requestOf({ acceptDataLossSeconds: 0 }) }, config: {}, safe: true },
    {
      what: 'an accepted loss',
      record: { request: requestOf({ acceptDataLossSeconds: 30 }) },
      config: {},
      safe: false,
    },
  ] as const)('of $what says that no data is at risk: $safe', ({ record, config, safe }) => {
    expect(text(record, config).includes('No stored data is at risk.')).toBe(safe);
    if (!safe) expect(text(record, config)).not.toContain('data');
  });

  it('says how long an interruption is where it was planned, and nothing of it otherwise', () => {
    expect(text({ request: requestOf({ mode: 'planned' }) })).toContain('for less than a minute');
    expect(text({ request: requestOf({ mode: 'automatic' }) })).not.toContain('minute');
  });

  it('says that it was planned, how long it took and where to look', () => {
    const planned = { request: requestOf({ mode: 'planned' }), status: 'SUCCEEDED', endedAtEpochMs: NOW + 1 } as const;
    expect(text(planned, { notify: { statusPage: 'https://status.storefront.example' } })).toBe(
      'Because of planned maintenance, requests may be interrupted, by our plan for less than a minute. ' +
        'Service was moved to another location within 2 min. No stored data is at risk. ' +
        'Updates: https://status.storefront.example',
    );
  });
});

describe('a link', () => {
  it('leads to a page that is there offline, and to the console of the Region itself', () => {
    expect(runbookLink('failover')).toBe('docs/runbooks/failover.md');
    expect(consoleLink(TOKYO, 'arn:x')).toBe(
      `https://${TOKYO}.console.aws.amazon.com/states/home?region=${TOKYO}#/v2/executions/details/arn:x`,
    );
  });
});
