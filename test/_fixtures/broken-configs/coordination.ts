import type { ConfigInput } from '../../../core/config/types.ts';
import { MUMBAI, OSAKA, passiveInput, SEOUL, SINGAPORE, TOKYO, withValue } from '../../_helpers/config.ts';
import type { BrokenConfig } from './broken-config.ts';

const MRSC = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html';
const STOP =
  'https://aws.amazon.com/blogs/networking-and-content-delivery/creating-disaster-recovery-mechanisms-using-amazon-route-53/';
const BUCKET_SETS =
  '(us-east-1, us-east-2, us-west-2) or (eu-west-1, eu-west-2, eu-west-3, eu-central-1) or (ap-northeast-1, ap-northeast-2, ap-northeast-3)';
const GUARDED = { [TOKYO]: [SINGAPORE, SEOUL] };

const coordination = (replicas: string[], witness?: string): ConfigInput =>
  passiveInput({ coordination: witness === undefined ? { replicas } : { replicas, witness } });
const THREE = {
  source: MRSC,
  path: 'coordination',
  message: 'must name three different Regions: two replicas and a witness, or three replicas',
  remedy: 'add or remove a member',
};
const ONE_SET = {
  source: MRSC,
  path: 'coordination',
  message: 'spans Regions that cannot form one strongly consistent table',
  allowed: `three of ${BUCKET_SETS}`,
  remedy: 'take all members from one set; they need not be the Regions of the application',
};

export const BROKEN_COORDINATION: readonly BrokenConfig[] = [
  {
    what: 'machines without a coordination table',
    input: withValue(passiveInput(), 'coordination', undefined),
    problems: [
      {
        source: 'a lease needs a table that outlives a Region',
        path: 'coordination',
        message: 'is required for the preset "active-passive"',
        remedy: 'name two replicas and a witness, or three replicas, of one Region set',
      },
    ],
  },
  {
    what: 'two members',
    input: coordination([TOKYO, SEOUL]),
    problems: [{ ...THREE, value: [TOKYO, SEOUL] }],
  },
  {
    what: 'four members',
    input: coordination(['eu-west-1', 'eu-west-2', 'eu-west-3'], 'eu-central-1'),
    problems: [{ ...THREE, value: ['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-central-1'] }],
  },
  {
    what: 'a witness that is a replica too',
    input: coordination([TOKYO, SEOUL], SEOUL),
    problems: [{ ...THREE, value: [TOKYO, SEOUL, SEOUL] }],
  },
  {
    what: 'one replica with a witness',
    input: coordination([TOKYO], OSAKA),
    problems: [{ ...THREE, value: [TOKYO, OSAKA] }],
  },
  {
    what: 'members of two sets',
    input: coordination([TOKYO, SEOUL], 'us-east-1'),
    problems: [{ ...ONE_SET, value: [TOKYO, SEOUL, 'us-east-1'] }],
  },
  {
    what: 'two members of two sets, which is two mistakes',
    input: coordination([TOKYO, SINGAPORE]),
    problems: [
      { ...THREE, value: [TOKYO, SINGAPORE] },
      { ...ONE_SET, value: [TOKYO, SINGAPORE] },
    ],
  },
];

export const BROKEN_GUARDIANS: readonly BrokenConfig[] = [
  {
    what: 'only two Regions to guard one another',
    input: passiveInput({ vantages: [] }),
    problems: [
      {
        source: STOP,
        path: 'vantages',
        message: 'two guardians outside each Region are needed, and only two Regions are named in all',
        value: [SINGAPORE, TOKYO],
        remedy: 'add a vantage Region',
      },
    ],
  },
  {
    what: 'guardians of a Region in which the application does not run',
    input: passiveInput({ evacuation: { guardians: { [SINGAPORE]: [TOKYO, SEOUL], ...GUARDED, [MUMBAI]: [] } } }),
    problems: [
      {
        source: STOP,
        path: `evacuation.guardians.${MUMBAI}`,
        message: 'is not an application Region',
        allowed: `${SINGAPORE}, ${TOKYO}`,
        remedy: 'remove it',
      },
    ],
  },
  ...[{ named: [] }, { named: [SEOUL] }, { named: [SEOUL, SEOUL] }].map(({ named }) => ({
    what: `guardians ${JSON.stringify(named)}`,
    input: passiveInput({ evacuation: { guardians: { [SINGAPORE]: named, ...GUARDED } } }),
    problems: [
      {
        source: STOP,
        path: `evacuation.guardians.${SINGAPORE}`,
        message: 'must name two different guardians',
        value: named,
        allowed: `${TOKYO}, ${SEOUL}`,
        remedy: 'name exactly two',
      },
    ],
  })),
  {
    what: 'three guardians',
    input: passiveInput({
      vantages: [SEOUL, OSAKA],
      evacuation: { guardians: { [SINGAPORE]: [TOKYO, SEOUL, OSAKA], ...GUARDED } },
    }),
    problems: [
      {
        source: STOP,
        path: `evacuation.guardians.${SINGAPORE}`,
        message: 'must name two different guardians',
        value: [TOKYO, SEOUL, OSAKA],
        allowed: `${TOKYO}, ${SEOUL}, ${OSAKA}`,
        remedy: 'name exactly two',
      },
    ],
  },
  {
    what: 'a Region that guards itself',
    input: passiveInput({ evacuation: { guardians: { [SINGAPORE]: [SINGAPORE, SEOUL], ...GUARDED } } }),
    problems: [
      {
        source: STOP,
        path: `evacuation.guardians.${SINGAPORE}`,
        message: 'names the Region itself; a dead Region cannot hold its own switch',
        value: SINGAPORE,
        allowed: `${TOKYO}, ${SEOUL}`,
        remedy: 'name another guardian',
      },
    ],
  },
  {
    what: 'a guardian where nothing is deployed',
    input: passiveInput({ evacuation: { guardians: { [SINGAPORE]: [SEOUL, MUMBAI], ...GUARDED } } }),
    problems: [
      {
        source: STOP,
        path: `evacuation.guardians.${SINGAPORE}`,
        message: 'names a guardian in which nothing is deployed',
        value: MUMBAI,
        allowed: `${TOKYO}, ${SEOUL}`,
        remedy: 'name an application or vantage Region',
      },
    ],
  },
];

const FLEET = { name: 'shop', members: 3 };
const FLEET_DOCS = 'docs/evacuation-switches.md';

export const BROKEN_FLEETS: readonly BrokenConfig[] = [
  {
    what: 'the scope of a fleet without a fleet',
    input: passiveInput({ evacuation: { scopes: ['application', 'fleet'] } }),
    problems: [
      {
        source: FLEET_DOCS,
        path: 'evacuation.fleet',
        message: 'is required for the scope "fleet"',
        remedy: 'name the fleet and its size',
      },
    ],
  },
  {
    what: 'a fleet that is in no scope',
    input: passiveInput({ evacuation: { fleet: FLEET } }),
    problems: [
      {
        source: FLEET_DOCS,
        path: 'evacuation.fleet',
        message: 'has no effect without the scope "fleet"',
        remedy: 'add "fleet" to evacuation.scopes, or remove it',
      },
    ],
  },
  {
    what: 'a name that a fleet would have',
    input: passiveInput({ application: 'fleet-shop' }),
    problems: [
      {
        source: FLEET_DOCS,
        path: 'application',
        message: "begins as the names of fleets' resources do",
        value: 'fleet-shop',
        remedy: 'choose a name that does not begin with "fleet-"',
      },
    ],
  },
];

const ARC_DOCS = 'https://docs.aws.amazon.com/r53recovery/latest/dg/routing-control.about.html';
const controlArn = (last: number): string =>
  `arn:aws:route53-recovery-control::111122223333:controlpanel/0a/routingcontrol/0${last}`;
const endpoints = [1, 2, 3, 4, 5].map((number) => ({ region: TOKYO, url: `https://${number}.cluster.example` }));
const controls = { [SINGAPORE]: controlArn(1), [TOKYO]: controlArn(2) };

export const BROKEN_ROUTING_CONTROLS: readonly BrokenConfig[] = [
  {
    what: 'the kind arc without routing controls',
    input: passiveInput({ evacuation: { kind: 'arc' } }),
    problems: [
      {
        source: ARC_DOCS,
        path: 'evacuation.routingControls',
        message: 'is required for the kind "arc"',
        remedy: 'name the five endpoints and a control per Region',
      },
    ],
  },
  {
    what: 'routing controls for another kind',
    input: passiveInput({ evacuation: { kind: 'cloudwatch', routingControls: { endpoints, controls } } }),
    problems: [
      {
        source: ARC_DOCS,
        path: 'evacuation.routingControls',
        message: 'has no effect for the kind "cloudwatch"',
        remedy: 'set evacuation.kind to "arc", or remove it',
      },
    ],
  },
  {
    what: 'a Region without a routing control, a control of no Region, an endpoint twice',
    input: passiveInput({
      evacuation: {
        kind: 'arc',
        routingControls: {
          endpoints: [...endpoints.slice(0, 4), ...endpoints.slice(0, 1)],
          controls: { [SINGAPORE]: controlArn(1), [MUMBAI]: controlArn(3) },
        },
      },
    }),
    problems: [
      {
        source: ARC_DOCS,
        path: `evacuation.routingControls.controls.${TOKYO}`,
        message: 'is missing',
        remedy: 'name its routing control',
      },
      {
        source: ARC_DOCS,
        path: `evacuation.routingControls.controls.${MUMBAI}`,
        message: 'is not an application Region',
        allowed: `${SINGAPORE}, ${TOKYO}`,
        remedy: 'remove it',
      },
      {
        source: ARC_DOCS,
        path: 'evacuation.routingControls.endpoints[4].url',
        message: 'is listed twice',
        value: 'https://1.cluster.example',
        remedy: 'list each endpoint once',
      },
    ],
  },
];
