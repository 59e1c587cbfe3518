import type { Decision } from '../decision/outcome.ts';
import { type EventOutcome, findEvent, type OperationRecord } from './operation-record.ts';

/** The phases of a failover, in their order; the promotion runs beside what follows its start. */
export const PHASES = [
  'detect',
  'decide',
  'validate',
  'fence',
  'promote',
  'scale',
  'shift',
  'answers',
  'traffic',
] as const;
export type Phase = (typeof PHASES)[number];

/** How long each phase took, ms; undefined for one that did not happen. */
export type PhaseTimes = Readonly<Record<Phase, number | undefined>>;

/** What the record of an operation does not tell itself. */
export interface PhaseSight {
  /** When the outage began, epoch ms. */
  readonly outageAtEpochMs: number | undefined;
  /** When the last authoritative server came to answer with the target, epoch ms. */
  readonly answeredAtEpochMs: number | undefined;
}

type Log = Pick<OperationRecord, 'events' | 'request' | 'openedAtEpochMs'>;

/** Detect, decide, validate and fence follow one another; what overlaps counts to the earlier. */
export function phaseTimes(record: Log, { outageAtEpochMs, answeredAtEpochMs: answered }: PhaseSight): PhaseTimes {
  const { openedAtEpochMs: opened } = record;
  const at = (step: string, outcome: EventOutcome): number | undefined => findEvent(record, step, outcome)?.atEpochMs;
  const assessed = verdictOf(record)?.evidence?.assessedAtEpochMs;
  const validated = at('validate-target', 'done') ?? at('validate-target', 'refused');
  const fenced = at('fence-source', 'done');
  const shifted = at('shift-traffic', 'done');
  return {
    detect: between(outageAtEpochMs, assessed),
    decide: between(assessed, opened),
    validate: between(opened, validated),
    fence: between(validated, fenced),
    promote: between(at('start-promotion', 'requested'), at('check-promotion', 'done')),
    scale: between(at('scale-target', 'requested'), at('check-capacity', 'done')),
    shift: between(at('scale-target', 'skipped') ?? fenced, shifted),
    answers: between(shifted, answered),
    traffic: between(answered, at('verify-traffic', 'done')),
  };
}

/** The verdict that an automatic operation rests on, as its opening has put it on record. */
export function verdictOf(record: Pick<OperationRecord, 'events' | 'request'>): Partial<Decision> | undefined {
  if (record.request.mode !== 'automatic') return undefined;
  return findEvent(record, 'open-operation', 'done')?.detail['decision'] as Partial<Decision> | undefined;
}

function between(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : to - from;
}
