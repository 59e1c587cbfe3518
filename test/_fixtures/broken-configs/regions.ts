import {
  activeInput,
  dnsInput,
  OSAKA,
  passiveInput,
  regionsOf,
  SEOUL,
  SINGAPORE,
  SYDNEY,
  TOKYO,
  withValue,
} from '../../_helpers/config.ts';
import type { BrokenConfig } from './broken-config.ts';

const GLOBAL_DATABASE =
  'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.Aurora_Fea_Regions_DB-eng.Feature.GlobalDatabase.html';
const INDEPENDENT =
  'a vantage must be independent of what it judges, https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html';

export const BROKEN_REGIONS: readonly BrokenConfig[] = [
  {
    what: 'a Region listed twice',
    input: passiveInput({ regions: regionsOf([SINGAPORE, TOKYO, SINGAPORE]) }),
    problems: [
      {
        source: 'a Region is one failure domain',
        path: 'regions[2].id',
        message: 'is listed twice',
        value: SINGAPORE,
        remedy: 'list each Region once; primary and standby must differ',
      },
    ],
  },
  {
    what: 'an active Region beside a primary',
    input: withValue(passiveInput({ regions: regionsOf([SINGAPORE, TOKYO, SYDNEY]) }), 'regions.2.role', 'active'),
    problems: [
      {
        source: 'docs/adr/0003-presets.md',
        path: 'regions[2].role',
        message: 'does not fit the preset "active-passive"',
        value: 'active',
        allowed: 'primary, standby',
        remedy: 'change the role or the preset',
      },
    ],
  },
  {
    what: 'a standby among active Regions',
    input: withValue(activeInput(), 'regions.1.role', 'standby'),
    problems: [
      {
        source: 'docs/adr/0003-presets.md',
        path: 'regions[1].role',
        message: 'does not fit the preset "active-active"',
        value: 'standby',
        allowed: 'active',
        remedy: 'change the role or the preset',
      },
    ],
  },
  ...[0, 2].map((primaries) => ({
    what: `${primaries} primaries`,
    input: dnsInput({
      regions: regionsOf([SINGAPORE, TOKYO]).map((region) => ({
        ...region,
        role: primaries === 0 ? ('standby' as const) : ('primary' as const),
      })),
    }),
    problems: [
      {
        source: 'docs/adr/0003-presets.md',
        path: 'regions',
        message: 'must hold exactly one primary Region for the preset "dns-failover"',
        value: primaries,
        allowed: '1',
        remedy: 'give one Region the role "primary" and the others "standby"',
      },
    ],
  })),
  {
    what: 'a vantage listed twice',
    input: passiveInput({ vantages: [SEOUL, OSAKA, SEOUL] }),
    problems: [
      {
        source: INDEPENDENT,
        path: 'vantages[2]',
        message: 'is listed twice',
        value: SEOUL,
        remedy: 'list each vantage Region once',
      },
    ],
  },
  {
    what: 'a vantage in which the application runs',
    input: passiveInput({ vantages: [SEOUL, TOKYO] }),
    problems: [
      {
        source: INDEPENDENT,
        path: 'vantages[1]',
        message: 'is an application Region, which observes anyway',
        value: TOKYO,
        remedy: 'name a Region in which the application does not run',
      },
    ],
  },
  ...[
    { place: 'Taipei', id: 'ap-east-2' },
    { place: 'New Zealand', id: 'ap-southeast-6' },
    { place: 'Thailand', id: 'ap-southeast-7' },
  ].map(({ place, id }) => ({
    what: `Aurora Global Database in ${place}`,
    input: passiveInput({
      regions: regionsOf([id, TOKYO]),
      data: { adapter: 'aurora-global', globalCluster: 'storefront' },
    }),
    problems: [
      {
        source: GLOBAL_DATABASE,
        path: 'regions[0].id',
        message: 'has no Aurora Global Database',
        value: id,
        remedy: 'choose another Region, or another data adapter',
      },
    ],
  })),
];
