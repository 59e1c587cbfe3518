import { type ExecutionEndedEvent, UNSUCCESSFUL_ENDS, type UnsuccessfulEnd } from '../../state-machines/contracts.ts';
import type { Execution } from '../aws/states.ts';
import { draw } from '../random.ts';
import { LATENCIES } from './latencies.ts';
import type { World } from './world.ts';

/** Has the ends of executions recorded, as the rule of every Region's stack does. */
export function startRecordingEnds(world: World): void {
  world.events.listen((event) => {
    if (event.kind !== 'execution-ended') return;
    const status = UNSUCCESSFUL_ENDS.find((end) => end === event.execution.status);
    if (status !== undefined) void record(world, event.execution, status);
  });
}

/** A dark Region delivers nothing and runs nothing; the event is tried again by nobody. */
async function record(
  { clock, network, lambda, random }: World,
  { arn, name, region, endedAtMs, error, cause }: Execution,
  status: UnsuccessfulEnd,
): Promise<void> {
  const stopped = status === 'ABORTED' ? {} : { error: error ?? null, cause: cause ?? null };
  const event: ExecutionEndedEvent = {
    detail: { executionArn: arn, name, status, stopDate: endedAtMs ?? null, ...stopped },
  };
  await clock.sleep(draw(LATENCIES.executionEvent.milliseconds, random.stream(`execution-ends/${region}`)));
  if (!network.isDark(region)) await lambda.invoke(region, 'record-end', event).catch(() => undefined);
}
