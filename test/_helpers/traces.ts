import { applicationRegions, checksOf, observersOf } from '../../core/config/accessors.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { ProbeLine, TraceLine } from '../../core/trace/trace-line.ts';

/** What became of a probe; undefined where the observer said nothing. */
export type Outcome = (probe: {
  readonly t: number;
  readonly observer: string;
  readonly subject: string;
  readonly check: string;
}) => ProbeLine['result'] | undefined;

/** Every probe of so many seconds, each observer a moment after the other, in the order of time. */
export function probesOver(config: ResolvedConfig, seconds: number, outcome: Outcome): readonly ProbeLine[] {
  const lines: ProbeLine[] = [];
  for (let round = 0; round < seconds; round += 10) {
    for (const [index, observer] of observersOf(config).entries()) {
      const t = round + index;
      for (const subject of applicationRegions(config)) {
        for (const { name: check, check: row } of checksOf(config)) {
          if (round % row.intervalSeconds !== 0) continue;
          const result = outcome({ t, observer, subject, check });
          if (result !== undefined) lines.push({ t, observer, subject, check, result });
        }
      }
    }
  }
  return lines;
}

/** A line every so many seconds from one moment up to before another. */
export function every(
  seconds: number,
  [from, to]: readonly [number, number],
  line: (t: number) => TraceLine,
): readonly TraceLine[] {
  return Array.from({ length: Math.ceil((to - from) / seconds) }, (_, index) => line(from + index * seconds));
}

/** Lines of several sources in the order of time. */
export function inOrder(...sources: readonly (readonly TraceLine[])[]): readonly TraceLine[] {
  return sources.flat().toSorted((a, b) => a.t - b.t);
}
