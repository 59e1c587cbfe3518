import { FRONT_DOOR_CHECK } from '../../core/config/checks.ts';
import { assess, findCheck } from '../../core/health/assess.ts';
import type { Journal } from '../../core/operation/journal.ts';
import { hasLetGo } from '../../core/operation/spared-guardian.ts';
import type { StepContext } from '../../core/ports.ts';

/**
 * Whether the guardian in the source may be silent when the target is let in. A switch that cannot be read keeps nobody
 * out; but while the source's front door answers, Route 53 may read that switch though we cannot reach it, and without source
 * and target nobody would be left. Then it must have let go before the operation opened, or a person must have resumed
 * the operation, who has seen to it.
 */
export async function maySourceBeSilent(
  { config, ports }: StepContext<'coordination' | 'clock'>,
  { record }: Journal,
): Promise<boolean> {
  const { state, reports } = await ports.coordination.readSituation();
  if (hasLetGo(config, state, record.openedAtEpochMs) || wasResumed(record)) return true;
  const sight = { subject: record.request.source, reports, nowEpochMs: ports.clock.nowEpochMs() };
  return findCheck(assess(config, sight), FRONT_DOOR_CHECK)?.status !== 'passed';
}

function wasResumed({ events }: Journal['record']): boolean {
  return events.some(
    ({ step, outcome, detail }) => step === 'hold-operation' && outcome === 'done' && detail['answer'] === 'resume',
  );
}
