import { applicationRegions } from '../../core/config/accessors.ts';
import type { FunctionName } from '../functions.ts';
import { CAPABILITIES, type Capability } from './capabilities.ts';
import type { Grant } from './grant.ts';
import type { Site } from './site.ts';

/**
 * What each function may be able to do: the ports that its `index.ts` wires, and of a port whose methods differ in
 * consequence only the methods that its step calls.
 */
export const FUNCTION_CAPABILITIES = {
  'open-operation': ['coordinate', 'lookAtExecutions'],
  'send-notification': ['coordinate', 'notify', 'readChannelSecrets'],
  'validate-target': ['coordinate', 'readLag'],
  'request-approval': ['coordinate', 'notify', 'readChannelSecrets'],
  'prepare-records': ['coordinate', 'writeRecords', 'readChange'],
  'await-lag': ['coordinate', 'readLag'],
  'fence-source': ['coordinate', 'callFenceHooks'],
  'start-promotion': ['coordinate', 'promote'],
  'check-promotion': ['coordinate', 'readWriter'],
  'scale-target': ['coordinate', 'scale'],
  'check-capacity': ['coordinate', 'scale'],
  'shift-traffic': ['coordinate', 'evacuate', 'admit', 'askFleet'],
  'verify-answers': ['coordinate'],
  'write-records': ['coordinate', 'writeRecords'],
  'check-records': ['coordinate', 'readChange'],
  'adjust-load-balancers': ['coordinate', 'balanceLoad'],
  'verify-traffic': ['coordinate', 'readTraffic'],
  'drain-connections': ['coordinate', 'readTraffic'],
  'validate-service': ['coordinate', 'readTraffic'],
  'close-operation': ['coordinate'],
  'roll-back': ['coordinate', 'admit', 'writeRecords', 'readWriter'],
  'hold-operation': ['coordinate', 'notify', 'readChannelSecrets'],
  'reconcile-data': ['coordinate', 'readLag', 'startReconciliation', 'readPlans'],
  'prove-recovery': ['coordinate'],
  'check-parity': ['coordinate', 'listBlobs'],
  'open-switch': ['coordinate', 'admit', 'askFleet'],
  'check-switch': ['coordinate', 'readServing'],
  'climb-ladder': ['coordinate', 'readTraffic', 'readLag'],
  'check-rung': ['coordinate', 'readTraffic'],
  'retreat-failback': ['coordinate', 'evacuate', 'writeRecords', 'readLag'],
  'observe-regions': ['coordinate', 'readTraffic', 'callFunctions', 'notify', 'startFailover', 'callFleet'],
  'reconcile-records': ['coordinate', 'evacuate', 'admit', 'writeRecords'],
  'compare-regions': ['coordinate', 'listBlobs'],
  'record-end': ['coordinate', 'notify', 'readChannelSecrets'],
  'ensure-weights': ['createWeights'],
  'guard-deployment': ['readState', 'listRecords', 'readWeights', 'readRoutingStack'],
  'await-switches': ['observeHealthChecks'],
} as const satisfies Readonly<Record<FunctionName, readonly Capability[]>>;

/** An observer decides, and so starts a machine or tells people, in application Regions alone. */
const DECIDER_CAPABILITIES: ReadonlySet<Capability> = new Set(['notify', 'startFailover']);

/** The statements of a function's role where it runs, besides those that every function has. */
export function grantsOf(name: FunctionName, site: Site): readonly Grant[] {
  const decides = applicationRegions(site.config).includes(site.region);
  const held: readonly Capability[] = FUNCTION_CAPABILITIES[name];
  const grants = held
    .filter((capability) => decides || !DECIDER_CAPABILITIES.has(capability))
    .flatMap((capability): readonly Grant[] => CAPABILITIES[capability](site));
  return [...new Map(grants.map((grant) => [grant.purpose, grant])).values()];
}
