/** Singapore and four standbys: the most Regions that the goal speaks of. */
const REGIONS = ['ap-southeast-1', 'ap-northeast-1', 'ap-south-1', 'ap-southeast-2', 'ap-northeast-2'] as const;

/** A config of five application Regions, each guarded by the two that follow it. */
export function fiveRegions(): Readonly<Record<string, unknown>> {
  return {
    application: 'storefront',
    record: 'api.storefront.example',
    hostedZoneId: 'Z0123456789STOREFRONT',
    preset: 'active-passive',
    ttlSeconds: 60,
    regions: REGIONS.map((id, index) => ({
      id,
      role: index === 0 ? 'primary' : 'standby',
      endpoint: `https://${id}.storefront.example`,
    })),
    vantages: [],
    coordination: { replicas: ['ap-northeast-1', 'ap-northeast-2'], witness: 'ap-northeast-3' },
    data: { adapter: 'aurora-global', globalCluster: 'storefront', lossBudgetSeconds: 5, writes: 'forwarded' },
    evacuation: {
      kind: 's3',
      guardians: Object.fromEntries(
        REGIONS.map((id, index) => [id, [1, 2].map((next) => REGIONS[(index + next) % REGIONS.length])]),
      ),
      scopes: ['application'],
    },
  };
}
