import type { Check } from '../../core/config/checks.ts';
import type { ProbeResult } from '../../core/health/check-state.ts';
import { probeCloudWatch } from './probes/cloudwatch.ts';
import type { ProbeContext } from './probes/context.ts';
import { probeDeep } from './probes/deep.ts';
import { probeDns } from './probes/dns.ts';
import { probeHttp } from './probes/http.ts';
import { probeLambda } from './probes/lambda.ts';
import { probePrometheus } from './probes/prometheus.ts';
import { probeTcp } from './probes/tcp.ts';
import { probeTlsExpiry } from './probes/tls-expiry.ts';
import { probeTraffic } from './probes/traffic.ts';
import { broken } from './probes/verdict.ts';

/** Probes a Region once for one check. Never rejects: a probe that breaks says so. */
export async function probe(check: Check, context: ProbeContext): Promise<ProbeResult> {
  try {
    return await probeByKind(check, context);
  } catch (error) {
    return broken(`the probe broke: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function probeByKind(check: Check, context: ProbeContext): Promise<ProbeResult> {
  switch (check.kind) {
    case 'http':
      return probeHttp(check, context);
    case 'deep':
      return probeDeep(check, context);
    case 'metric':
      return probeTraffic(check, context);
    case 'tcp':
      return probeTcp(check, context);
    case 'tls-expiry':
      return probeTlsExpiry(check, context);
    case 'dns':
      return probeDns(check, context);
    case 'prometheus':
      return probePrometheus(check, context);
    case 'lambda':
      return probeLambda(check, context);
    case 'cloudwatch':
    case 'route53':
    case 'aurora-lag':
    case 'dynamodb-replication-latency':
    case 's3-replication-latency':
    case 'queue-age':
    case 'kafka-replicator-lag':
      return probeCloudWatch(check, context);
  }
}
