import { traitsOf } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import type { ApplicationState } from './application-state.ts';

type Config = Pick<ResolvedConfig, 'preset'>;

/**
 * By then every authoritative server has a change, ms: usually within a minute, and nothing is lost by waiting longer.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html (propagation)
 */
const EVERYWHERE_MS = 300_000;
/** The reconciler looks once a minute, and a look may be missed, ms. */
const TWO_LOOKS_MS = 120_000;

/** Whether every server answers by the state's weights. */
export function isEverywhere(
  { recordsPending, recordsWrittenAtEpochMs }: Pick<ApplicationState, 'recordsPending' | 'recordsWrittenAtEpochMs'>,
  nowEpochMs: number,
): boolean {
  return !recordsPending && nowEpochMs - (recordsWrittenAtEpochMs ?? 0) >= EVERYWHERE_MS;
}

/**
 * Whether the Region that serves need not hold the switch of another: everywhere the records give all of the weight to it,
 * so that another guardian's switch is enough, and no switch of its own keeps out the Region that is to take over from it
 * once it cannot be reached (docs/adr/0019-spared-guardian.md).
 */
export function mayBeSpared(config: Config, state: ApplicationState, nowEpochMs: number): boolean {
  if (traitsOf(config).roles !== 'one-primary' || !isEverywhere(state, nowEpochMs)) return false;
  return Object.entries(state.weights).every(([region, weight]) => weight === 0 || region === state.activeRegion);
}

/** Whether it had let go by a moment, for all that is known: the reconciler has had two looks by then. */
export function hasLetGo(config: Config, state: ApplicationState, atEpochMs: number): boolean {
  return mayBeSpared(config, state, atEpochMs - TWO_LOOKS_MS);
}
