import { describe, expect, it } from 'vitest';
import { observersOf } from '../../../core/config/accessors.ts';
import { type Assessment, assess, findSignal } from '../../../core/health/assess.ts';
import type { CheckState } from '../../../core/health/check-state.ts';
import type { ContractHealth } from '../../../core/health/contract.ts';
import { COORDINATION_SIGNAL, instancesSignal, signalsOf } from '../../../core/health/signals.ts';
import { SEOUL, SINGAPORE, TOKYO, testConfig } from '../../_helpers/config.ts';
import { checkState, NOW, reportsOn, type Word } from '../../_helpers/observations.ts';

const config = testConfig();

describe('the signals of a config', () => {
  it('are the way to the coordination table and the instances of every critical check', () => {
    expect(signalsOf(config).map(({ name }) => name)).toEqual([
      COORDINATION_SIGNAL,
      ...['region-connectivity', 'database-writer', 'cache-cluster', 'order-service', 'payment-service'].map(
        instancesSignal,
      ),
    ]);
  });

  it('are read as often as any check reads the document, and need three readings in a row', () => {
    expect(signalsOf(config).map(({ counting }) => [counting.intervalSeconds, counting.failureThreshold])).toEqual(
      Array.from({ length: 6 }, () => [10, 3]),
    );
    const slower = testConfig({
      checks: { 'database-writer': { intervalSeconds: 20 }, 'cache-cluster': { intervalSeconds: 30 } },
    });
    expect(signalsOf(slower)[0]?.counting.intervalSeconds).toBe(20);
  });
});

describe('a document', () => {
  const read = (name: string, changes: Partial<ContractHealth>) => {
    const signal = signalsOf(config).find((one) => one.name === name);
    return signal?.read({ status: 'passed', checks: {}, ...changes } as ContractHealth);
  };
  const orders = (counts: { instances?: number; healthyInstances?: number }) =>
    read(instancesSignal('order-service'), { checks: { 'order-service': { status: 'passed', ...counts } } });

  it.each([
    { coordination: 'reachable' as const, result: 'passed' },
    { coordination: 'unreachable' as const, result: 'failed' },
    { coordination: undefined, result: 'error' },
  ])('that says $coordination of the coordination table is $result', ({ coordination, result }) => {
    expect(read(COORDINATION_SIGNAL, coordination === undefined ? {} : { coordination })?.result).toBe(result);
  });

  it.each([
    { counts: { instances: 10, healthyInstances: 4 }, result: 'failed' },
    { counts: { instances: 10, healthyInstances: 5 }, result: 'passed' },
    { counts: { instances: 10, healthyInstances: 11 }, result: 'passed' },
    { counts: { instances: 3, healthyInstances: 1 }, result: 'failed' },
    { counts: { instances: 1, healthyInstances: 0 }, result: 'failed' },
    { counts: { instances: 0, healthyInstances: 0 }, result: 'error' },
    { counts: { instances: 10 }, result: 'error' },
    { counts: {}, result: 'error' },
  ])('that counts $counts is $result', ({ counts, result }) => {
    expect(orders(counts)?.result).toBe(result);
  });
});

describe('the heartbeat of a Region', () => {
  const SILENT_MS = 30_000;

  interface Signs {
    readonly observerSilentMs?: number;
    readonly writersDueMs?: number | 'never';
    readonly says?: Word;
    readonly frontDoor?: Word | ((observer: string) => Word);
  }

  /** What is made of a Region whose own observer and writers were last heard of so long ago. */
  function coordinationOf({
    observerSilentMs = SILENT_MS + 1,
    writersDueMs = 1,
    says = 'silent',
    frontDoor = 'passed',
  }: Signs) {
    const reports = reportsOn(config, (observer) => ({
      checks: { 'region-connectivity': typeof frontDoor === 'function' ? frontDoor(observer) : frontDoor },
    })).map((report) => {
      const signal: Readonly<Record<string, CheckState>> =
        says === 'silent' ? {} : { [COORDINATION_SIGNAL]: typeof says === 'string' ? checkState(says) : says };
      const reportedAtEpochMs = report.observer === SINGAPORE ? NOW - observerSilentMs : NOW;
      return { ...report, reportedAtEpochMs, checks: { ...report.checks, ...signal } };
    });
    const writersDueEpochMs = writersDueMs === 'never' ? undefined : NOW - writersDueMs;
    const assessment: Assessment = assess(config, { subject: SINGAPORE, reports, nowEpochMs: NOW, writersDueEpochMs });
    return findSignal(assessment, COORDINATION_SIGNAL);
  }

  it('is stale where observer and writers are silent and the front door answers', () => {
    expect(coordinationOf({})).toMatchObject({
      status: 'failed',
      reason: 'its heartbeat is stale: its observer has been silent for 30 s and its write lease has run out',
      sinceEpochMs: NOW - 1,
    });
  });

  it.each<{ what: string; signs: Signs }>([
    { what: 'its observer was heard of within three rounds', signs: { observerSilentMs: SILENT_MS } },
    { what: 'its write lease still runs', signs: { writersDueMs: -1 } },
    { what: 'its write lease ends now', signs: { writersDueMs: 0 } },
    { what: 'nobody there writes', signs: { writersDueMs: 'never' } },
    { what: 'its front door has failed', signs: { frontDoor: 'failed' } },
    {
      what: 'nobody saw its front door when it fell silent',
      signs: { frontDoor: checkState('passed', { sinceEpochMs: NOW - SILENT_MS }) },
    },
    {
      what: 'its front door is failing',
      signs: { frontDoor: checkState('passed', { consecutiveFailures: 1, consecutivePasses: 0 }) },
    },
    {
      what: 'one observer alone sees its front door',
      signs: { frontDoor: (observer) => (observer === TOKYO ? 'passed' : 'unknown') },
    },
  ])('is not judged where $what', ({ signs }) => {
    expect(coordinationOf(signs)?.status).toBe('unknown');
  });

  it('does not matter where the Region says how it stands', () => {
    expect(coordinationOf({ says: 'passed' })?.status).toBe('passed');
    expect(coordinationOf({ says: 'failed', observerSilentMs: 0 })?.status).toBe('failed');
  });

  it('is seen by all observers but its own', () => {
    expect(observersOf(config)).toEqual([SEOUL, SINGAPORE, TOKYO]);
  });
});
