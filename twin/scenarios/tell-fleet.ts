import { round } from '../world/load/recovery-meter.ts';
import type { FleetFacts } from './result-document.ts';
import { type Story, secondsInto } from './story.ts';

/** Tells what became of a fleet; `null` where the application is alone. */
export function tellFleet(story: Pick<Story, 'recorder' | 'startMs'>): FleetFacts | null {
  const { fleet } = story.recorder;
  if (fleet === undefined) return null;
  const into = (atMs: number | undefined): number | null => (atMs === undefined ? null : secondsInto(story, atMs));
  const flippedAtMs = fleet.switchWrites[0]?.atMs;
  const fenced = [...fleet.fencedAt.values()];
  const moved = [...fleet.movedAt.values()];
  const written = [...fleet.recordsWrittenAt().values()];
  const allMovedAtMs = moved.length === fleet.applications ? Math.max(...moved) : undefined;
  return {
    applications: fleet.applications,
    status: fleet.operation()?.status ?? null,
    ends: fleet.ends(),
    fenced: fenced.length,
    fencedBeforeFlip: flippedAtMs === undefined ? 0 : fenced.filter((atMs) => atMs <= flippedAtMs).length,
    lastFencedAtSeconds: into(fenced.length === 0 ? undefined : Math.max(...fenced)),
    switchWrites: fleet.switchWrites.length,
    ownSwitchWrites: fleet.ownSwitchWrites.length,
    flippedAtSeconds: into(flippedAtMs),
    moved: moved.length,
    allMovedAtSeconds: into(allMovedAtMs),
    switchSeconds:
      flippedAtMs === undefined || allMovedAtMs === undefined ? null : round((allMovedAtMs - flippedAtMs) / 1000),
    recordsWritten: written.length,
    recordsWrittenAtSeconds: into(written.length === 0 ? undefined : Math.max(...written)),
    mostRoute53CallsInAMinute: mostInAMinute(story.recorder.route53CallsAtMs),
  };
}

const MINUTE_MS = 60_000;

/** Of moments in order of time, the most that lie within any minute. */
export function mostInAMinute(moments: readonly number[]): number {
  let from = 0;
  let most = 0;
  for (const [index, atMs] of moments.entries()) {
    while ((moments[from] ?? atMs) <= atMs - MINUTE_MS) from++;
    most = Math.max(most, index - from + 1);
  }
  return most;
}
