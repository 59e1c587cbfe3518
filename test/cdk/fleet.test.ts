import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../core/config/resolve.ts';
import { resolveFleet } from '../../core/fleet/fleet-config.ts';
import { buildFleet } from '../../lib/fleet/build-fleet.ts';
import { FLEET_FUNCTIONS } from '../../lib/functions.ts';
import { rolesIn } from '../../lib/guards/roles-in.ts';
import { acknowledgedBelow, examine, staleAmong } from '../_helpers/nag.ts';
import { synthesize } from '../_helpers/synthesize.ts';

const read = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../_fixtures/${path}`, import.meta.url), 'utf8'));
const fleet = resolveFleet(read('fleets/shop.json'));
const member = resolveConfig(read('configs/fleet-member.json'));

function synthesizeFleet(): { readonly app: App; readonly template: (stack: string) => Template } {
  const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
  const bundles = mkdtempSync(join(tmpdir(), 'fleet-bundles-'));
  for (const name of FLEET_FUNCTIONS) {
    mkdirSync(join(bundles, name));
    writeFileSync(join(bundles, name, 'index.mjs'), '');
  }
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'fleet-out-')), context });
  buildFleet(app, fleet, bundles);
  const stackNamed = (stack: string): Stack => app.node.findChild(`switchyard-fleet-shop-${stack}`) as Stack;
  return { app, template: (stack) => Template.fromStack(stackNamed(stack)) };
}

const { app, template } = synthesizeFleet();

describe('the stacks of a fleet', () => {
  it('are one for what it agrees by, one per application Region, and one per vantage that guards', () => {
    expect(app.node.children.filter(Stack.isStack).map(({ stackName, region }) => [stackName, region])).toEqual([
      ['switchyard-fleet-shop-coordination', 'ap-northeast-1'],
      ['switchyard-fleet-shop-region-ap-southeast-1', 'ap-southeast-1'],
      ['switchyard-fleet-shop-region-ap-northeast-1', 'ap-northeast-1'],
      ['switchyard-fleet-shop-vantage-ap-northeast-2', 'ap-northeast-2'],
    ]);
  });

  it('hold two checks per Region, whatever the number of members, and keep their ids once they were looked at', () => {
    const coordination = template('coordination');
    coordination.resourceCountIs('AWS::Route53::HealthCheck', 4);
    for (const name of [
      'fleet-ap-southeast-1-1',
      'fleet-ap-southeast-1-2',
      'fleet-ap-northeast-1-1',
      'fleet-ap-northeast-1-2',
    ]) {
      coordination.hasResource('AWS::SSM::Parameter', {
        Properties: Match.objectLike({ Name: `/switchyard/fleet-shop/health-checks/${name}` }),
        DependsOn: Match.arrayWith([Match.stringLikeRegexp('Observed')]),
      });
    }
  });

  it('let checkers read the switches of the fleet and nothing else', () => {
    for (const stack of ['region-ap-northeast-1', 'vantage-ap-northeast-2']) {
      const [[, policy] = ['', {}]] = Object.entries(
        template(stack).findResources('AWS::S3::BucketPolicy', {
          Properties: {
            PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Sid: 'HealthCheckersReadSwitches' })]) },
          },
        }),
      );
      const { Statement } = (policy as { Properties: { PolicyDocument: { Statement: readonly { Sid?: string }[] } } })
        .Properties.PolicyDocument;
      expect(JSON.stringify(Statement.find(({ Sid }) => Sid === 'HealthCheckersReadSwitches'))).toContain('/fleet/*');
    }
  });

  it('let the machines run their own Maps, and call the functions of the fleet alone', () => {
    const statements = Object.values(template('region-ap-northeast-1').findResources('AWS::IAM::Role'))
      .flatMap(({ Properties }) => Properties.Policies ?? [])
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement as readonly { Sid: string; Resource: unknown }[]);
    const runs = statements.filter(({ Sid }) => Sid === 'RunChildren').map(({ Resource }) => JSON.stringify(Resource));
    expect(runs).toHaveLength(2);
    for (const machine of ['fleet-evacuation', 'fleet-release']) {
      expect(
        runs.filter((resource) => resource.includes(`stateMachine:switchyard-fleet-shop-${machine}"`)),
      ).toHaveLength(1);
    }
  });

  it('need no control plane of another Region on the way out', () => {
    const actions = rolesIn(app).flatMap(({ statements }) => statements.flatMap((statement) => statement.actions));
    expect(actions.filter((action) => /^(route53|iam|globalaccelerator|cloudfront):/.test(action))).toEqual([]);
  });

  it('leave cdk-nag nothing that is not answered, and have no answer too many', () => {
    const { open, raw } = examine(app);
    expect(open).toEqual([]);
    expect(staleAmong(acknowledgedBelow(app), raw)).toEqual([]);
  });
});

describe('the records of a member', () => {
  const routing = synthesize(member).template('routing');

  it("have the fleet's checks as further children, any of which takes the Region out", () => {
    const serving = Object.values(routing.findResources('AWS::Route53::HealthCheck'))
      .map(({ Properties }) => Properties.HealthCheckConfig)
      .filter(({ Type }) => Type === 'CALCULATED');
    expect(serving).toHaveLength(2);
    for (const { HealthThreshold, ChildHealthChecks } of serving) {
      expect(HealthThreshold).toBe(4);
      expect(ChildHealthChecks).toHaveLength(4);
      expect(new Set(ChildHealthChecks.map((child: unknown) => JSON.stringify(child))).size).toBe(4);
    }
  });

  it('read their ids from the parameters of the fleet, and make no such check themselves', () => {
    const parameters = Object.values(
      routing.toJSON()['Parameters'] as Record<string, { Type: string; Default?: string }>,
    );
    const read = parameters.filter(({ Default = '' }) => Default.startsWith('/switchyard/fleet-shop/health-checks/'));
    expect(read).toHaveLength(4);
    for (const { Type } of read) expect(Type).toBe('AWS::SSM::Parameter::Value<String>');
    expect(JSON.stringify(routing.findResources('AWS::Route53::HealthCheck'))).not.toContain('/fleet/');
  });
});
