import type { HealthCheck } from '../../core/routing/health-check.ts';
import type { ResourceRecordSet } from '../../core/routing/record-set.ts';
import type { WorldPorts } from '../../twin/route53/ports.ts';
import { createRoute53, type Route53 } from '../../twin/route53/route53.ts';
import { CHANGE_PROCESSING_MS } from '../../twin/route53/writes/account.ts';
import type { ApiReply } from '../../twin/route53/writes/control-plane.ts';
import { ZONE } from './route53-zone.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

export const LOCATIONS = ['singapore', 'dublin', 'virginia'];

/** An account with the example zone, on a clock of its own. */
export interface TestAccount {
  readonly clock: VirtualClock;
  readonly route53: Route53;
  /** Calls the API and lets the time pass that it takes. */
  call(operation: string, input: unknown): ApiReply;
  /** The output of a call that must succeed. */
  succeed<Output>(operation: string, input: unknown): Output;
  change(...changes: readonly ChangeInput[]): ApiReply;
  /** Values and rcode at a location now. */
  ask(location?: string, name?: string): readonly string[];
}

export type ChangeInput = readonly ['CREATE' | 'DELETE' | 'UPSERT', ResourceRecordSet];

export interface AccountContent {
  readonly recordSets?: readonly ResourceRecordSet[];
  readonly healthChecks?: readonly HealthCheck[];
  readonly world?: Partial<WorldPorts>;
  readonly seed?: number;
}

export function createTestAccount(content: AccountContent = {}): TestAccount {
  const { recordSets = [], healthChecks = [], world = {}, seed = 1 } = content;
  const clock = createVirtualClock({ seed });
  const probe = () => ({ connectMs: 1, responseMs: 1, statusCode: 200 });
  const route53 = createRoute53({ clock, world: { probe, ...world }, locations: LOCATIONS });
  route53.install({ hostedZone: ZONE, recordSets, healthChecks });
  const call = (operation: string, input: unknown): ApiReply => {
    const reply = route53.controlPlane.call(operation, input);
    clock.runUntil(clock.now() + reply.tookMs);
    return reply;
  };
  return {
    clock,
    route53,
    call,
    succeed: <Output>(operation: string, input: unknown) => {
      const reply = call(operation, input);
      if (reply.error !== undefined) throw new Error(`${operation}: ${reply.error.name}: ${reply.error.message}`);
      return reply.output as Output;
    },
    change: (...changes) => {
      const Changes = changes.map(([Action, recordSet]) => ({ Action, ResourceRecordSet: recordSet }));
      return call('ChangeResourceRecordSets', { HostedZoneId: ZONE.Id, ChangeBatch: { Changes } });
    },
    ask: (location = 'singapore', name = 'api.example.com') => {
      const question = { name, type: 'A' as const };
      const answer = route53.answer({ location, question, client: {}, nowMs: clock.now() });
      return answer.values.length === 0 ? [answer.rcode] : answer.values.map(({ value }) => value);
    },
  };
}

export { CHANGE_PROCESSING_MS };
