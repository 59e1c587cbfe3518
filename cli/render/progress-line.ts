/** How far a piece of work is. */
export interface RowsDone {
  readonly stage: string;
  readonly done: number;
  /** An estimate; may be less than what is done. */
  readonly total: number;
  readonly seconds: number;
  /** What is counted. */
  readonly unit: string;
}

const BAR = 20;
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** One line: a bar, how many of how many, how fast, and how long it will still take by that. */
export function renderRowsDone({ stage, done, total, seconds, unit }: RowsDone): string {
  const share = total <= 0 ? 1 : Math.min(1, done / total);
  const filled = Math.floor(share * BAR);
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}]`;
  const rate = seconds > 0 ? done / seconds : 0;
  const left = rate > 0 && done < total ? `, ${renderSeconds((total - done) / rate)} left` : '';
  const of = `${whole.format(done)} of ${done > total ? 'about ' : ''}${whole.format(Math.max(done, total))} ${unit}`;
  return `${stage.padEnd(6)} ${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${of}, ${whole.format(rate)} ${unit}/s${left}`;
}

/** A time as one looks at it while waiting. */
export function renderSeconds(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5_400) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3_600).toFixed(1)} h`;
}
