import { proveRecovery } from '../../core/failback/proven-recovery.ts';
import { assess } from '../../core/health/assess.ts';
import type { StepContext } from '../../core/ports.ts';
import type { GateOutput, StepInput } from '../../state-machines/contracts.ts';
import { journalFor } from '../step-journal.ts';

/** Judges whether the original Region has been healthy by quorum for the hold time. Emergency mode lists it as skipped. */
export function createProveRecovery(
  context: StepContext<'coordination' | 'clock'>,
): (input: StepInput) => Promise<GateOutput> {
  const { config, ports } = context;
  return async (input) => {
    const journal = await journalFor('prove-recovery', context, input);
    const { reports } = await ports.coordination.readSituation();
    const { target, mode } = input.operation;
    const assessment = assess(config, { subject: target, reports, nowEpochMs: ports.clock.nowEpochMs() });
    const proof = proveRecovery(assessment, config.failback.holdMinutes);
    if (proof.proven) {
      await journal.add('done', { healthyForSeconds: proof.healthyForSeconds });
      return { passed: true, reasons: [] };
    }
    const skipped = mode === 'emergency';
    await journal.add(skipped ? 'skipped' : 'refused', {
      reasons: [proof.reason],
      ...(skipped ? { skippedGates: ['hold time'] } : {}),
    });
    return { passed: skipped, reasons: [proof.reason] };
  };
}
