import { describe, expect, it } from 'vitest';
import { decisionRecord } from '../../core/decision/record.ts';
import type { Coordination } from '../../core/ports.ts';
import exampleConfig from '../../switchyard.config.ts';
import {
  checkSample,
  decisionSample,
  eventSample,
  paritySample,
  recordSample,
  reportSample,
  SEOUL,
  SINGAPORE,
  TOKYO,
} from './coordination-samples.ts';

/** Gives a test an empty store, as two users of it that know nothing of each other. */
export type WithStore = (use: (one: Coordination, other: Coordination) => Promise<void>) => Promise<void>;

/** What a stand-in for the real table cannot do. */
export interface StoreLimits {
  /** No map equals another; in DynamoDB maps of equal content are equal. */
  readonly comparesNoMaps?: boolean;
}

const RACERS = Array.from({ length: 20 }, (_, index) => index);

/** What every adapter of the coordination port guarantees. */
export function coordinationContract(name: string, withStore: WithStore, limits: StoreLimits = {}): void {
  describe(`the coordination store: ${name}`, () => {
    stateContract(withStore, limits);
    operationContract(withStore);
    observationContract(withStore);
  });
}

function stateContract(withStore: WithStore, { comparesNoMaps = false }: StoreLimits): void {
  it('begins with an application that has never moved', () =>
    withStore(async (one) => {
      const state = await one.readState();
      expect(state).toMatchObject({ epoch: 0, phase: 'STEADY', activeRegion: SINGAPORE, operationId: null });
      expect(await one.readState()).toEqual(state);
    }));

  it('begins once, whoever looks first', () =>
    withStore(async (one, other) => {
      const states = await Promise.all(RACERS.map((index) => (index % 2 === 0 ? one : other).readState()));
      await one.transition({ expect: { epoch: 0 }, set: { epoch: 1 } });
      expect(new Set(states.map(({ epoch }) => epoch))).toEqual(new Set([0]));
      expect((await other.readState()).epoch).toBe(1);
    }));

  it('changes what a transition sets, leaves the rest, and gives the state after it', () =>
    withStore(async (one, other) => {
      const before = await one.readState();
      const set = { epoch: 1, operationId: 'by-hand-1', phase: 'FAILING_OVER' } as const;
      const after = await one.transition({ expect: { epoch: 0, operationId: null }, set });
      expect(after).toEqual({ ...before, ...set });
      expect(await other.readState()).toEqual({ ...before, ...set });
    }));

  it.each([
    ['a number', { epoch: 1 }],
    ['"none"', { operationId: 'somebody' }],
    ['a map', { weights: { [SINGAPORE]: 0, [TOKYO]: 100 } }],
    ['a part of a map', { weights: { [SINGAPORE]: 100 } }],
    ['a list', { evacuated: [SINGAPORE] }],
    ['one of several fields', { epoch: 0, activeRegion: TOKYO }],
  ])('makes no transition where %s is not what was expected', (_, expected) =>
    withStore(async (one) => {
      const before = await one.readState();
      expect(await one.transition({ expect: expected, set: { epoch: 9 } })).toBeUndefined();
      expect(await one.readState()).toEqual(before);
    }),
  );

  it.skipIf(comparesNoMaps)('compares a map by its content and not by the order of its keys', () =>
    withStore(async (one) => {
      await one.readState();
      const weights = { [TOKYO]: 0, [SINGAPORE]: 100 };
      const after = await one.transition({ expect: { weights, evacuated: [] }, set: { recordsPending: true } });
      expect(after?.recordsPending).toBe(true);
    }),
  );

  it('lets one of many racing transitions win', () =>
    withStore(async (one, other) => {
      await one.readState();
      const outcomes = await Promise.all(
        RACERS.map((index) =>
          (index % 2 === 0 ? one : other).transition({
            expect: { epoch: 0 },
            set: { epoch: 1, operationId: `${index}` },
          }),
        ),
      );
      const winners = outcomes.filter((outcome) => outcome !== undefined);
      expect(winners).toHaveLength(1);
      expect(await one.readState()).toEqual(winners[0]);
    }));

  it('loses no update where everybody tries again', () =>
    withStore(async (one, other) => {
      await one.readState();
      const raise = async (coordination: Coordination): Promise<void> => {
        for (;;) {
          const { epoch } = await coordination.readState();
          if ((await coordination.transition({ expect: { epoch }, set: { epoch: epoch + 1 } })) !== undefined) return;
        }
      };
      await Promise.all(RACERS.map((index) => raise(index % 2 === 0 ? one : other)));
      expect((await one.readState()).epoch).toBe(RACERS.length);
    }));
}

function operationContract(withStore: WithStore): void {
  it('keeps an operation as it was created, and only the first of that id', () =>
    withStore(async (one, other) => {
      const record = recordSample();
      expect(await one.readOperation(record.operationId)).toBeUndefined();
      await one.createOperation(record);
      await other.createOperation({ ...record, epoch: 7 });
      expect(await other.readOperation(record.operationId)).toMatchObject(record);
    }));

  it('adds a line only in the next place', () =>
    withStore(async (one) => {
      const { operationId } = recordSample();
      await one.createOperation(recordSample());
      expect(await one.appendEvent(operationId, 0, eventSample({ step: 'open-operation' }))).toBe(true);
      expect(await one.appendEvent(operationId, 0, eventSample({ step: 'late' }))).toBe(false);
      expect(await one.appendEvent(operationId, 2, eventSample({ step: 'early' }))).toBe(false);
      expect(await one.appendEvent(operationId, 1, eventSample({ detail: { by: 'acknowledged' } }))).toBe(true);
      const { events } = (await one.readOperation(operationId)) ?? { events: [] };
      expect(events).toEqual([
        eventSample({ step: 'open-operation' }),
        eventSample({ detail: { by: 'acknowledged' } }),
      ]);
    }));

  it('adds no line to an operation that does not exist', () =>
    withStore(async (one) => {
      expect(await one.appendEvent('nobody', 0, eventSample())).toBe(false);
      expect(await one.readOperation('nobody')).toBeUndefined();
    }));

  it('lets one of many lines have a place, and loses none where everybody tries again', () =>
    withStore(async (one, other) => {
      const { operationId } = recordSample();
      await one.createOperation(recordSample());
      const add = async (coordination: Coordination, step: string): Promise<void> => {
        for (;;) {
          const position = (await coordination.readOperation(operationId))?.events.length ?? 0;
          if (await coordination.appendEvent(operationId, position, eventSample({ step }))) return;
        }
      };
      await Promise.all(RACERS.map((index) => add(index % 2 === 0 ? one : other, `step-${index}`)));
      const { events } = (await one.readOperation(operationId)) ?? { events: [] };
      expect(events.map(({ step }) => step).toSorted()).toEqual(RACERS.map((index) => `step-${index}`).toSorted());
    }));

  it('sets how an operation stands and leaves its log', () =>
    withStore(async (one) => {
      const record = recordSample({ events: [eventSample()] });
      await one.createOperation(record);
      await one.setStatus(record.operationId, 'NEEDS_OPERATOR', null);
      expect(await one.readOperation(record.operationId)).toMatchObject({ ...record, status: 'NEEDS_OPERATOR' });
      await one.setStatus(record.operationId, 'SUCCEEDED', 1_000);
      expect(await one.readOperation(record.operationId)).toMatchObject({ status: 'SUCCEEDED', endedAtEpochMs: 1_000 });
    }));

  it('does not take an end back by setting a status that may go on', () =>
    withStore(async (one) => {
      const record = recordSample();
      await one.createOperation(record);
      await one.setStatus(record.operationId, 'SUCCEEDED', 1_000);
      await one.setStatus(record.operationId, 'NEEDS_OPERATOR', null);
      expect(await one.readOperation(record.operationId)).toMatchObject({ status: 'SUCCEEDED', endedAtEpochMs: 1_000 });
    }));

  it('gives an operation to one of two executions that both want it from the former', () =>
    withStore(async (one, other) => {
      const record = recordSample();
      await one.createOperation(record);
      const from = record.executionArn;
      const given = await Promise.all([
        one.changeExecution(record.operationId, { from, to: 'arn:second' }),
        other.changeExecution(record.operationId, { from, to: 'arn:third' }),
      ]);
      expect(given.toSorted()).toEqual([false, true]);
      const leader = given[0] ? 'arn:second' : 'arn:third';
      expect(await one.readOperation(record.operationId)).toMatchObject({ ...record, executionArn: leader });
    }));

  it('gives an operation that has ended, or that is not there, to nobody', () =>
    withStore(async (one) => {
      const record = recordSample();
      await one.createOperation(record);
      await one.setStatus(record.operationId, 'SUCCEEDED', 1_000);
      const change = { from: record.executionArn, to: 'arn:second' };
      expect(await one.changeExecution(record.operationId, change)).toBe(false);
      expect(await one.changeExecution('nobody', change)).toBe(false);
      expect(await one.readOperation('nobody')).toBeUndefined();
    }));

  it('makes no operation by setting its status', () =>
    withStore(async (one) => {
      await one.setStatus('nobody', 'FAILED', 1_000);
      expect(await one.readOperation('nobody')).toBeUndefined();
    }));
}

function observationContract(withStore: WithStore): void {
  it('gives a round to one claimer per observer', () =>
    withStore(async (one, other) => {
      const claims = await Promise.all(RACERS.map((index) => (index % 2 === 0 ? one : other).claimRound(SEOUL, 7)));
      expect(claims.filter(Boolean)).toHaveLength(1);
      expect(await one.claimRound(TOKYO, 7)).toBe(true);
      expect(await one.claimRound(SEOUL, 8)).toBe(true);
    }));

  it('gives no round that lies behind', () =>
    withStore(async (one) => {
      expect(await one.claimRound(SEOUL, 8)).toBe(true);
      expect(await one.claimRound(SEOUL, 7)).toBe(false);
      expect(await one.claimRound(SEOUL, 10)).toBe(true);
    }));

  it('lays a report over the one that stands: other checks and metrics keep their place', () =>
    withStore(async (one, other) => {
      const failed = checkSample({ status: 'failed', reason: 'no answer' });
      await one.mergeReport(
        reportSample({
          checks: { 'region-connectivity': checkSample(), 'error-rate': checkSample() },
          metrics: { 'error-rate': [{ value: 0.01, atEpochMs: 1 }] },
        }),
      );
      await other.mergeReport(reportSample({ round: 2, checks: { 'region-connectivity': failed } }));
      await one.mergeReport(
        reportSample({ round: 3, checks: {}, metrics: { 'p95-ms': [{ value: 120, atEpochMs: 2 }] } }),
      );
      const { reports } = await one.readSituation();
      expect(reports).toHaveLength(1);
      expect(reports[0]).toMatchObject({
        observer: SEOUL,
        subject: SINGAPORE,
        round: 3,
        checks: { 'region-connectivity': failed, 'error-rate': checkSample() },
        metrics: { 'error-rate': [{ value: 0.01, atEpochMs: 1 }], 'p95-ms': [{ value: 120, atEpochMs: 2 }] },
      });
    }));

  it('loses no part of a report though all parts come at once, the very first too', () =>
    withStore(async (one, other) => {
      await Promise.all(
        RACERS.map((index) =>
          (index % 2 === 0 ? one : other).mergeReport(reportSample({ checks: { [`check-${index}`]: checkSample() } })),
        ),
      );
      const { reports } = await one.readSituation();
      expect(Object.keys(reports[0]?.checks ?? {}).toSorted()).toEqual(
        RACERS.map((index) => `check-${index}`).toSorted(),
      );
    }));

  it('keeps the reports of observers and subjects apart', () =>
    withStore(async (one) => {
      await one.mergeReport(reportSample());
      await one.mergeReport(reportSample({ observer: TOKYO }));
      await one.mergeReport(reportSample({ subject: TOKYO }));
      const { reports } = await one.readSituation();
      expect(reports.map(({ observer, subject }) => `${observer} on ${subject}`).toSorted()).toEqual([
        `${TOKYO} on ${SINGAPORE}`,
        `${SEOUL} on ${TOKYO}`,
        `${SEOUL} on ${SINGAPORE}`,
      ]);
    }));

  it('keeps a verdict with what it rests on, once, apart from what is read in every round', () =>
    withStore(async (one) => {
      const situation = { state: await one.readState(), reports: [reportSample()], decision: undefined };
      const record = decisionRecord({ config: exampleConfig, situation, nowEpochMs: 1 }, decisionSample());
      await one.keepDecision(record);
      await one.keepDecision(record);
      expect(await one.readSituation()).toMatchObject({ reports: [], decision: undefined });
    }));

  it('keeps the newest comparison of each Region, whole, and a late one replaces none', () =>
    withStore(async (one, other) => {
      expect((await one.readSituation()).parity).toEqual([]);
      const record = paritySample();
      await one.keepParity(record);
      await other.keepParity({ ...record, triedAtEpochMs: 9, source: SEOUL });
      await one.keepParity({ ...record, target: SEOUL });
      await other.keepParity({ ...record, triedAtEpochMs: 10, items: [] });
      const { parity } = await one.readSituation();
      expect(parity).toHaveLength(2);
      expect(parity.find(({ target }) => target === SEOUL)).toMatchObject({ ...record, target: SEOUL });
      expect(parity.find(({ target }) => target === TOKYO)).toMatchObject({ ...record, items: [] });
    }));

  it('replaces a verdict only in the place of the one that was seen', () =>
    withStore(async (one) => {
      const [first, second, third] = [1, 2, 3].map((at) => decisionSample({ decidedAtEpochMs: at, reason: `${at}` }));
      if (first === undefined || second === undefined || third === undefined) return;
      expect(await one.replaceDecision(second, third)).toBe(false);
      expect(await one.replaceDecision(undefined, first)).toBe(true);
      expect(await one.replaceDecision(undefined, second)).toBe(false);
      expect(await one.replaceDecision(first, second)).toBe(true);
      expect(await one.replaceDecision(first, third)).toBe(false);
      expect((await one.readSituation()).decision).toMatchObject(second);
    }));

  it('lets one of many racing verdicts stand', () =>
    withStore(async (one, other) => {
      const stored = await Promise.all(
        RACERS.map((index) =>
          (index % 2 === 0 ? one : other).replaceDecision(undefined, decisionSample({ decidedAtEpochMs: index })),
        ),
      );
      expect(stored.filter(Boolean)).toHaveLength(1);
      expect((await one.readSituation()).decision?.decidedAtEpochMs).toBe(stored.indexOf(true));
    }));

  it('reads the situation at once: state, reports and verdict, and nothing of the past', () =>
    withStore(async (one, other) => {
      expect(await one.readSituation()).toMatchObject({ state: { epoch: 0 }, reports: [], decision: undefined });
      await one.claimRound(SEOUL, 1);
      await one.createOperation(recordSample());
      await one.mergeReport(reportSample());
      await one.replaceDecision(undefined, decisionSample());
      await one.transition({ expect: { epoch: 0 }, set: { epoch: 1 } });
      const { state, reports, decision } = await other.readSituation();
      expect(state).toMatchObject({ activeRegion: SINGAPORE, epoch: 1 });
      expect(reports).toHaveLength(1);
      expect(decision).toMatchObject(decisionSample());
    }));
}
