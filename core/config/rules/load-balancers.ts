import type { Problem } from '../../errors.ts';
import { type CrossFieldRule, rule } from '../cross-field-rule.ts';
import { regionOfForwarder } from '../forwarder.ts';
import type { LoadBalancer } from '../load-balancers.ts';
import { PRESET_TRAITS } from '../preset.ts';

/** Rules on load balancers that move with the Regions. */
export const loadBalancerRules: readonly CrossFieldRule[] = [
  rule({
    source: 'a load balancer is adjusted for the Regions of the application (docs/data-tiers.md)',
    needs: ['loadBalancers', 'regions'],
    check: ({ loadBalancers, regions }) => {
      const known = regions.map(({ id }) => id);
      return loadBalancers.flatMap((balancer, index) => strangersOf(balancer, `loadBalancers[${index}]`, known));
    },
  }),
  rule({
    source: 'only a state machine adjusts load balancers (docs/adr/0003-presets.md)',
    needs: ['loadBalancers', 'preset'],
    check: ({ loadBalancers, preset }) =>
      PRESET_TRAITS[preset].orchestrated || loadBalancers.length === 0
        ? []
        : [
            {
              path: 'loadBalancers',
              message: `has no effect with the preset "${preset}", which has no machines`,
              remedy: 'remove it, or choose a preset that is orchestrated',
            },
          ],
  }),
];

function strangersOf(balancer: LoadBalancer, path: string, known: readonly string[]): readonly Problem[] {
  const problem = (where: string, value: string): Problem => ({
    path: `${path}.${where}`,
    message: 'is no Region of the application',
    value,
    allowed: known.join(', '),
    remedy: 'correct the Region or take the entry out',
  });
  const among = (field: string, regions: readonly string[]): readonly Problem[] =>
    regions.filter((region) => !known.includes(region)).map((region) => problem(`${field}.${region}`, region));
  if (balancer.kind === 'accelerator') return among('endpointGroups', Object.keys(balancer.endpointGroups));
  const region = regionOfForwarder(balancer);
  return [
    ...(known.includes(region) ? [] : [problem('arn', region)]),
    ...among('weights', Object.keys(balancer.weights)),
  ];
}
