import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../../core/errors.ts';
import type { HealthCheckConfig, HealthCheckType } from '../../../core/routing/health-check.ts';
import { validateHealthChecks } from '../../../core/routing/validate-health-checks.ts';
import { httpsCheck } from '../../_helpers/route53-zone.ts';

const calculated = (extra: Partial<HealthCheckConfig> = {}): HealthCheckConfig => ({
  Type: 'CALCULATED',
  HealthThreshold: 0,
  ...extra,
});
const tcp = (extra: Partial<HealthCheckConfig> = {}): HealthCheckConfig => ({
  Type: 'TCP',
  IPAddress: '192.0.2.1',
  Port: 443,
  ...extra,
});
const match = (SearchString: string): HealthCheckConfig => httpsCheck({ Type: 'HTTPS_STR_MATCH', SearchString });

const CASES: readonly (readonly [what: string, config: HealthCheckConfig, problems: readonly RegExp[]])[] = [
  ['an HTTPS check', httpsCheck(), []],
  ['an unknown type', { Type: 'PING' as HealthCheckType }, [/Type: the type is unknown/]],
  ['interval 9', httpsCheck({ RequestInterval: 9 }), [/RequestInterval: .*10 or 30 seconds/]],
  ['interval 10', httpsCheck({ RequestInterval: 10 }), []],
  ['interval 20', httpsCheck({ RequestInterval: 20 }), [/RequestInterval/]],
  ['interval 30', httpsCheck({ RequestInterval: 30 }), []],
  ['threshold 0', httpsCheck({ FailureThreshold: 0 }), [/FailureThreshold: .*1 to 10/]],
  ['threshold 1', httpsCheck({ FailureThreshold: 1 }), []],
  ['threshold 10', httpsCheck({ FailureThreshold: 10 }), []],
  ['threshold 11', httpsCheck({ FailureThreshold: 11 }), [/FailureThreshold/]],
  ['threshold 2.5', httpsCheck({ FailureThreshold: 2.5 }), [/FailureThreshold/]],
  ['no endpoint', { Type: 'HTTP' }, [/the endpoint is missing/]],
  [
    'a broken domain name',
    httpsCheck({ FullyQualifiedDomainName: 'a..b' }),
    [/FullyQualifiedDomainName: .*empty label/],
  ],
  ['an address and a name', httpsCheck({ IPAddress: '192.0.2.1' }), []],
  ['a broken address', httpsCheck({ IPAddress: '192.0.2' }), [/IPAddress: the address cannot be read/]],
  ['a private address', httpsCheck({ IPAddress: '10.1.2.3' }), [/IPAddress: checkers cannot reach/]],
  ['a loopback address', httpsCheck({ IPAddress: '::1' }), [/IPAddress: checkers cannot reach/]],
  ['a multicast address', httpsCheck({ IPAddress: '224.0.0.1' }), [/IPAddress: checkers cannot reach/]],
  ['a TCP check', tcp(), []],
  [
    'a TCP check with address and name',
    tcp({ FullyQualifiedDomainName: 'x.example.com' }),
    [/TCP check that has an address/],
  ],
  ['a TCP check without a port', { Type: 'TCP', IPAddress: '192.0.2.1' }, [/Port: a check of type TCP needs/]],
  ['a TCP check with a path', tcp({ ResourcePath: '/' }), [/ResourcePath: a check of type TCP has no such field/]],
  ['port 0', tcp({ Port: 0 }), [/Port: .*out of range/]],
  ['port 65535', tcp({ Port: 65_535 }), []],
  ['port 65536', tcp({ Port: 65_536 }), [/Port: .*out of range/]],
  [
    'a match without a string',
    httpsCheck({ Type: 'HTTP_STR_MATCH' }),
    [/SearchString: a check of type HTTP_STR_MATCH needs/],
  ],
  ['an empty search string', match(''), [/SearchString: the text has 0 characters/]],
  ['a search string of 255', match('x'.repeat(255)), []],
  ['a search string of 256', match('x'.repeat(256)), [/SearchString: the text has 256 characters/]],
  [
    'a search string without a match',
    httpsCheck({ SearchString: 'x' }),
    [/SearchString: a check of type HTTPS has no such field/],
  ],
  ['a path of 256', httpsCheck({ ResourcePath: `/${'x'.repeat(255)}` }), [/ResourcePath: the text has 256 characters/]],
  ['SNI on HTTP', httpsCheck({ Type: 'HTTP', EnableSNI: true }), [/EnableSNI: a check of type HTTP has no such field/]],
  ['SNI off on HTTP', httpsCheck({ Type: 'HTTP', EnableSNI: false }), []],
  ['a calculated check', calculated(), []],
  ['a calculated check without threshold', { Type: 'CALCULATED' }, [/HealthThreshold: .*needs/]],
  ['health threshold -1', calculated({ HealthThreshold: -1 }), [/HealthThreshold: .*0 to 256/]],
  ['health threshold 256', calculated({ HealthThreshold: 256 }), []],
  ['health threshold 257', calculated({ HealthThreshold: 257 }), [/HealthThreshold/]],
  [
    'an unknown child',
    calculated({ ChildHealthChecks: ['x'] }),
    [/ChildHealthChecks\[0\]: no health check has this id/],
  ],
  [
    'a calculated check with an interval',
    calculated({ RequestInterval: 30 }),
    [/RequestInterval: a check of type CALCULATED has no such field/],
  ],
  [
    'an alarm check with an address',
    { Type: 'CLOUDWATCH_METRIC', AlarmIdentifier: { Region: 'eu-west-1', Name: 'x' }, IPAddress: '192.0.2.1' },
    [/IPAddress: .*no such field/],
  ],
  [
    'an unknown status without data',
    {
      Type: 'CLOUDWATCH_METRIC',
      AlarmIdentifier: { Region: 'eu-west-1', Name: 'x' },
      InsufficientDataHealthStatus: 'Maybe' as 'Healthy',
    },
    [/InsufficientDataHealthStatus: the status is unknown/],
  ],
  [
    'an alarm on an endpoint check',
    httpsCheck({ AlarmIdentifier: { Region: 'eu-west-1', Name: 'x' } }),
    [/AlarmIdentifier: .*no such field/],
  ],
  ['a switch without an ARN', { Type: 'RECOVERY_CONTROL' }, [/RoutingControlArn: .*needs/]],
  [
    'a switch with an interval',
    {
      Type: 'RECOVERY_CONTROL',
      RoutingControlArn: 'arn:x',
      RequestInterval: 10,
      FailureThreshold: 1,
      MeasureLatency: true,
    },
    [/RequestInterval/, /FailureThreshold/, /MeasureLatency/],
  ],
];

describe('validating health checks', () => {
  it.each(CASES)('%s', (_what, config, problems) => {
    const found = validateHealthChecks([{ Id: 'it', HealthCheckConfig: config }]).map(formatProblem);
    expect(found).toHaveLength(problems.length);
    for (const [index, problem] of problems.entries()) expect(found[index]).toMatch(problem);
  });

  it('refuses an id and a child that are there twice', () => {
    const checks = [
      { Id: 'a', HealthCheckConfig: httpsCheck() },
      { Id: 'a', HealthCheckConfig: httpsCheck() },
      { Id: 'b', HealthCheckConfig: calculated({ ChildHealthChecks: ['a', 'a'] }) },
    ];
    expect(validateHealthChecks(checks).map(({ path }) => path)).toEqual([
      'HealthChecks[1].Id',
      'HealthChecks[2].HealthCheckConfig.ChildHealthChecks[1]',
    ]);
  });
});
