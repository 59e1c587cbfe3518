import { passiveInput, SEOUL, SINGAPORE, TOKYO } from '../../_helpers/config.ts';
import { DIALS, LISTENER, LOAD_BALANCERS, RULE } from '../load-balancers.ts';
import { inputFor } from '../preset-matrix.ts';
import type { BrokenConfig } from './broken-config.ts';

const STRANGER = {
  source: 'a load balancer is adjusted for the Regions of the application (docs/data-tiers.md)',
  message: 'is no Region of the application',
  value: SEOUL,
  allowed: `${SINGAPORE}, ${TOKYO}`,
  remedy: 'correct the Region or take the entry out',
};
const group = LISTENER.replace(/listener.*/, 'targetgroup/shop/1');

export const BROKEN_LOAD_BALANCERS: readonly BrokenConfig[] = [
  {
    what: 'load balancers in and for a Region that the application does not run in',
    input: passiveInput({
      loadBalancers: [
        { kind: 'listener', arn: LISTENER.replace(SINGAPORE, SEOUL), weights: {} },
        { kind: 'rule', arn: RULE, weights: { [SEOUL]: { [group]: 1 } } },
        { kind: 'accelerator', endpointGroups: { [SEOUL]: DIALS[TOKYO] } },
      ],
    }),
    problems: [
      { ...STRANGER, path: 'loadBalancers[0].arn' },
      { ...STRANGER, path: `loadBalancers[1].weights.${SEOUL}` },
      { ...STRANGER, path: `loadBalancers[2].endpointGroups.${SEOUL}` },
    ],
  },
  {
    what: 'load balancers that nothing would adjust',
    input: { ...inputFor('dns-failover', 2), loadBalancers: LOAD_BALANCERS },
    problems: [
      {
        source: 'only a state machine adjusts load balancers (docs/adr/0003-presets.md)',
        path: 'loadBalancers',
        message: 'has no effect with the preset "dns-failover", which has no machines',
        remedy: 'remove it, or choose a preset that is orchestrated',
      },
    ],
  },
];
