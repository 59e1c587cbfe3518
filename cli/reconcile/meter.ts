import type { Progress } from '../../core/reconcile/reconciliation.ts';
import type { Io } from '../io.ts';
import { renderRowsDone } from '../render/progress-line.ts';

/** What one pass over the tables took. */
export interface Pass {
  readonly stage: Progress['stage'];
  /** Rows compared; repairs, where repairs were made. */
  readonly done: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** Most memory that the process has had so far, MiB. */
  readonly peakMemoryMb: number;
}

/** Shows how far a run is, and measures it. */
export interface Meter {
  readonly show: (progress: Progress) => void;
  readonly clear: () => void;
  readonly pass: () => Pass | null;
}

const KIB_PER_MIB = 1_024;

/** How often a line is redrawn where it can be, and said anew where it cannot, ms. */
const EVERY_MS = { interactive: 100, plain: 10_000 };

/** A meter that has measured nothing yet. */
export function createMeter(io: Io, nowEpochMs: () => number): Meter {
  const every = io.interactive ? EVERY_MS.interactive : EVERY_MS.plain;
  let last: Progress | undefined;
  let [startedAt, shownAt] = [nowEpochMs(), Number.NEGATIVE_INFINITY];
  const seconds = (): number => (nowEpochMs() - startedAt) / 1_000;
  return {
    show: (progress) => {
      if (progress.stage !== last?.stage) [startedAt, shownAt] = [nowEpochMs(), Number.NEGATIVE_INFINITY];
      last = progress;
      if (nowEpochMs() - shownAt < every) return;
      shownAt = nowEpochMs();
      const unit = progress.stage === 'apply' ? 'repairs' : 'rows';
      io.progress(renderRowsDone({ ...progress, seconds: seconds(), unit }));
    },
    clear: () => io.progress(''),
    pass: () => {
      if (last === undefined) return null;
      const took = seconds();
      const perSecond = took > 0 ? Math.round(last.done / took) : 0;
      const peakMemoryMb = Math.ceil(process.resourceUsage().maxRSS / KIB_PER_MIB);
      return { stage: last.stage, done: last.done, seconds: took, perSecond, peakMemoryMb };
    },
  };
}
