import type { FleetContext } from '../../core/fleet/fleet-ports.ts';
import { type MemberStanding, memberStanding } from '../../core/fleet/member-standing.ts';
import type { OperationRecord } from '../../core/operation/operation-record.ts';
import type { CheckMemberInput, MemberOutput } from '../../state-machines/contracts-fleet.ts';
import { memberOperationId } from '../start-member/start-member.ts';

type Context = FleetContext<'clock', 'coordinationOf'>;

const FENCE_POLL_SECONDS = 3;
const END_POLL_SECONDS = 30;
/** Of a reason, so that what is said of all members fits into a state: MOST_MEMBERS in core/fleet/fleet-schema.ts. */
const REASON_CHARACTERS = 80;

/**
 * Looks whether a member is fenced, or whether its operation has ended. What does not come by its deadline is not waited
 * for any longer: the reason says how far it came.
 */
export function createCheckMember(context: Context): (input: CheckMemberInput) => Promise<MemberOutput> {
  return async (input) => {
    const standing = await (input.awaited === 'fence' ? lookAtFence : lookAtEnd)(context, input);
    if (standing.standing === 'waiting' && !isOver(context, input)) {
      return {
        done: false,
        waitSeconds: input.awaited === 'fence' ? FENCE_POLL_SECONDS : END_POLL_SECONDS,
        ok: false,
        reason: '',
      };
    }
    const ok = standing.standing === 'fenced';
    return { done: true, waitSeconds: 0, ok, reason: ok ? '' : standing.reason.slice(0, REASON_CHARACTERS) };
  };
}

function isOver({ fleet, ports }: Context, { awaited, since }: CheckMemberInput): boolean {
  const patienceSeconds = awaited === 'fence' ? fleet.fenceSeconds : fleet.followMinutes * 60;
  return ports.clock.nowEpochMs() - Date.parse(since) > patienceSeconds * 1000;
}

async function lookAtFence({ ports }: Context, { operation, application }: CheckMemberInput): Promise<MemberStanding> {
  const coordination = ports.members.coordinationOf(application);
  const ownId = memberOperationId(application, operation.epoch);
  const [state, own] = await Promise.all([coordination.readState(), coordination.readOperation(ownId)]);
  const isOther = state.operationId !== null && state.operationId !== ownId;
  const holding = isOther ? await coordination.readOperation(state.operationId ?? '') : undefined;
  return memberStanding({ state, own, holding, source: operation.source });
}

/** A member that was never opened by the fleet moved by itself, or had nothing to move; its own operation tells of it. */
async function lookAtEnd({ ports }: Context, { operation, application }: CheckMemberInput): Promise<MemberStanding> {
  const coordination = ports.members.coordinationOf(application);
  const own = await coordination.readOperation(memberOperationId(application, operation.epoch));
  const { operationId, phase } = await coordination.readState();
  if (phase === 'NEEDS_OPERATOR') return { standing: 'failed', reason: 'is held for a person' };
  if (operationId !== null) return { standing: 'waiting', reason: `${operationId} is still running` };
  return endOf(own);
}

function endOf(own: OperationRecord | undefined): MemberStanding {
  if (own === undefined || own.status === 'SUCCEEDED' || wasRefused(own)) return { standing: 'fenced', reason: '' };
  return { standing: 'failed', reason: `ended with ${own.status}` };
}

function wasRefused({ events }: OperationRecord): boolean {
  return events.some(({ step, outcome }) => step === 'open-operation' && outcome === 'refused');
}
