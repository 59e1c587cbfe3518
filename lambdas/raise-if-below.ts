import { floorOf, nameOfTarget } from '../core/config/scale-target.ts';
import type { ScaleTarget } from '../core/config/scaling-section.ts';
import type { StepContext } from '../core/ports.ts';

/** How one thing that has to grow stands, as the record has it. */
export interface ScaledTarget {
  readonly name: string;
  readonly desired: number;
  /** How many have to run. */
  readonly floor: number;
  /** How many run; undefined where that is not known. */
  readonly running?: number;
  /** Whether its full size was asked for now, had been before, or could not be. */
  readonly request: 'raised' | 'enough' | 'failed';
  /** Why it could not be. */
  readonly reason?: string;
}

/** Looks at one of the things that have to grow and asks for its full size where less is asked for. Never fails. */
export async function raiseIfBelow(
  { ports }: StepContext<'scaling'>,
  target: ScaleTarget,
  operationId: string,
): Promise<ScaledTarget> {
  const of = { name: nameOfTarget(target), desired: target.desired, floor: floorOf(target) };
  let running: number | undefined;
  try {
    const size = await ports.scaling.sizeOf(target);
    running = size.running;
    if (size.desired >= target.desired) return { ...of, running, request: 'enough' };
    await ports.scaling.raise(target, operationId);
    return { ...of, running, request: 'raised' };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ...of, ...(running === undefined ? {} : { running }), request: 'failed', reason };
  }
}
