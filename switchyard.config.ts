import { defineConfig } from './core/config/resolve.ts';

/** The example in every document, test and rehearsal: a shop in Singapore with its standby in Tokyo, watched from Seoul. */
export default defineConfig({
  application: 'storefront',
  record: 'api.storefront.example',
  hostedZoneId: 'Z0123456789STOREFRONT',
  preset: 'active-passive',
  ttlSeconds: 60,
  regions: [
    { id: 'ap-southeast-1', role: 'primary', endpoint: 'https://singapore.storefront.example' },
    { id: 'ap-northeast-1', role: 'standby', endpoint: 'https://tokyo.storefront.example' },
  ],
  contract: { expected: { schema_rev: '2026-11-03', index_hash: 'b1946ac9' } },
  vantages: ['ap-northeast-2'],
  coordination: { replicas: ['ap-northeast-1', 'ap-northeast-2'], witness: 'ap-northeast-3' },
  data: { adapter: 'aurora-global', globalCluster: 'storefront', lossBudgetSeconds: 5, writes: 'forwarded' },
  evacuation: {
    kind: 's3',
    guardians: {
      'ap-southeast-1': ['ap-northeast-1', 'ap-northeast-2'],
      'ap-northeast-1': ['ap-southeast-1', 'ap-northeast-2'],
    },
    scopes: ['application'],
  },
  lastResort: { addresses: ['192.0.2.10'] },
  automation: { enabled: true, coolDownMinutes: 30, maxPerDay: 2 },
  failback: { rungs: [10, 50, 100], bakeMinutes: 30 },
  notify: { incidentChannel: '#incident-storefront' },
});
