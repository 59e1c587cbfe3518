import { formatProblem } from '../../core/errors.ts';
import { callsFor, isMajority } from '../../core/fleet/call-fleet.ts';
import type { FleetContext } from '../../core/fleet/fleet-ports.ts';
import { parseFleetRequest } from '../../core/fleet/fleet-request.ts';
import type { ApplicationState } from '../../core/operation/application-state.ts';
import { OperationError } from '../../core/operation/errors.ts';
import { createJournal } from '../../core/operation/journal.ts';
import { findEvent } from '../../core/operation/operation-record.ts';
import type { OperationKind, OperationRequest } from '../../core/operation/request.ts';
import { REQUESTED_AUTOMATICALLY } from '../../core/operation/requested-automatically.ts';
import { type Opening, openOperation, type Refusal, type Transition } from '../../core/operation/transitions.ts';
import { FLEET_STEP_LIMITS, type OpenOperationInput } from '../../state-machines/contracts.ts';
import type { OpenedFleet } from '../../state-machines/contracts-fleet.ts';
import { takeOperation } from '../take-operation.ts';

type Context = FleetContext<'coordination' | 'clock'>;

/**
 * Opens an operation of a fleet: checks the input, takes the fleet's lease and raises its epoch. An automatic one needs
 * the word of more than half of the sentinels, whoever started the machine.
 *
 * @throws {OperationError} `InvalidInputError` naming every problem; `OperationRefusedError` naming the holder or what
 * does not fit.
 */
export function createOpenFleet(context: Context): (input: OpenOperationInput) => Promise<OpenedFleet> {
  const { fleet, ports } = context;
  return async (input) => {
    const request = readRequest(context, input.request);
    if (request.requestedBy === REQUESTED_AUTOMATICALLY) await requireSentinels(context, request);
    const record = await takeOperation(ports, {
      ...input,
      request,
      step: 'open-fleet',
      limits: FLEET_STEP_LIMITS['open-fleet'],
      open: openForFleet,
    });
    if (findEvent(record, 'open-fleet', 'done') === undefined) {
      await createJournal({ record, step: 'open-fleet', ...ports }).add('done', { members: fleet.members.length });
    }
    const { operationId, epoch } = record;
    return {
      operation: { operationId, epoch, source: request.source, target: request.target },
      members: fleet.members,
    };
  };
}

function readRequest({ fleet }: Context, input: unknown): OperationRequest {
  const parsed = parseFleetRequest(fleet, input);
  if ('request' in parsed) return parsed.request;
  const text = parsed.problems.map(formatProblem).join('\n');
  throw new OperationError('InvalidInputError', `the input is refused:\n${text}`, {
    source: 'operator',
    context: { problems: parsed.problems },
  });
}

async function requireSentinels({ fleet, ports }: Context, { source }: OperationRequest): Promise<void> {
  const { reports } = await ports.coordination.readSituation();
  const callers = callsFor(reports, { source, nowEpochMs: ports.clock.nowEpochMs() });
  if (isMajority(callers, fleet.sentinels)) return;
  throw new OperationError(
    'OperationRefusedError',
    `${callers.length === 0 ? 'nobody' : callers.join(', ')} of the sentinels (${fleet.sentinels.join(', ')}) would leave ${source} now; more than half of them must, or a person starts it`,
    { source: 'operator' },
  );
}

/** Members serve from wherever each of them does, so the fleet is asked only about its own switches. */
function openForFleet(state: ApplicationState, opening: Opening): Transition | Refusal {
  const { kind, request } = opening;
  const reason = outOfPlace(kind, request, state);
  if (reason !== undefined) return { code: 'wrong-region', reason };
  const phase = kind === 'failback' ? 'FAILED_OVER' : state.phase;
  return openOperation({ ...state, activeRegion: request.source, phase }, opening);
}

function outOfPlace(
  kind: OperationKind,
  { source, target }: OperationRequest,
  { evacuated }: ApplicationState,
): string | undefined {
  const out = evacuated.join(', ') || 'none';
  if (kind === 'failback')
    return evacuated.includes(target) ? undefined : `the fleet's switch of ${target} is not set (set: ${out})`;
  if (evacuated.includes(target)) return `the fleet's switch keeps ${target} out; release it first`;
  return evacuated.includes(source) ? `the fleet's switch keeps ${source} out already` : undefined;
}
