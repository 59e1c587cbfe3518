import { describe, expect, it } from 'vitest';
import { names } from '../../core/config/names.ts';
import { RefusedInputError } from '../../core/errors.ts';
import { OperationError } from '../../core/operation/errors.ts';
import { desiredWeights, type Weights } from '../../core/routing/weights.ts';
import { createGuardDeployment, type GuardDeploymentContext } from '../../lambdas/guard-deployment/guard-deployment.ts';
import { SINGAPORE, TOKYO } from '../_helpers/coordination-samples.ts';
import { noAnswer } from '../_helpers/steps/fake-ports.ts';
import { FAILED_OVER, stepWorld } from '../_helpers/steps/step-world.ts';

const STACK = 'arn:aws:cloudformation:ap-northeast-1:111122223333:stack/switchyard-storefront-routing/1';
const AT_HOME: Weights = { [SINGAPORE]: 100, [TOKYO]: 0 };
const AWAY: Weights = { [SINGAPORE]: 0, [TOKYO]: 100 };

/** A world at home, the stack in that status, and a change set made from those weights. */
function guarded(status: string | Error[] = 'UPDATE_IN_PROGRESS', changes: Partial<GuardDeploymentContext> = {}) {
  const world = stepWorld();
  const { config, ports } = world;
  const asked: string[] = [];
  const failures = typeof status === 'string' ? [] : status;
  const parameters = new Map(
    desiredWeights(config, AT_HOME).map((want) => [names.weightParameter(config, want), String(want.weight)]),
  );
  const guard = createGuardDeployment({
    config,
    clock: ports.clock,
    records: ports.records,
    state: { find: ports.coordination.readState },
    parameters: { read: async (wanted) => new Map([...parameters].filter(([name]) => wanted.includes(name))) },
    stacks: {
      status: async (stackId) => {
        asked.push(stackId);
        const failure = failures.shift();
        if (failure !== undefined) throw failure;
        return typeof status === 'string' ? status : 'UPDATE_ROLLBACK_IN_PROGRESS';
      },
    },
    ...changes,
  });
  const deploy = (weights: Weights = AT_HOME) =>
    guard({
      stackId: STACK,
      before: undefined,
      properties: {
        Digest: 'a digest',
        Weights: desiredWeights(config, weights).map((want) => ({
          Parameter: names.weightParameter(config, want),
          Weight: String(want.weight),
        })),
      },
    });
  return { world, deploy, asked };
}

describe('guard-deployment', () => {
  it('lets a deployment pass where all is of one mind, and writes nothing', async () => {
    const { world, deploy, asked } = guarded();
    const before = await world.state();
    expect(await deploy()).toEqual({ passed: 'in-order' });
    expect(asked).toEqual([STACK]);
    expect(await world.state()).toEqual(before);
    expect(world.ports.records.batches).toEqual([]);
  });

  it('refuses with everything that is in the way', async () => {
    const { world, deploy } = guarded();
    await world.setState({
      ...FAILED_OVER,
      operationId: 'op-1',
      leaseExpiresAtEpochMs: world.ports.clock.nowMs + 1000,
    });
    const error = await deploy().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RefusedInputError);
    expect(error).toMatchObject({ code: 'DEPLOYMENT_REFUSED', problems: { length: 3 } });
    expect(String(error)).toContain('the deployment of api.storefront.example is refused:\n- state.operationId');
  });

  it('refuses a change set from weights that have moved since', async () => {
    await expect(guarded().deploy(AWAY)).rejects.toMatchObject({ code: 'DEPLOYMENT_REFUSED' });
  });

  it.each([undefined, {}, { Weights: 'none' }, { Weights: [{}] }])(
    'refuses without weights: %j',
    async (properties) => {
      const world = stepWorld();
      const guard = createGuardDeployment({
        config: world.config,
        clock: world.ports.clock,
        records: world.ports.records,
        state: { find: async () => undefined },
        parameters: { read: async () => new Map() },
        stacks: { status: async () => 'UPDATE_IN_PROGRESS' },
      });
      await expect(guard({ stackId: STACK, before: undefined, properties })).rejects.toThrow('"changeSet":null');
    },
  );

  it('refuses a first deployment over records of somebody else', async () => {
    await expect(guarded('CREATE_IN_PROGRESS').deploy()).rejects.toThrow('this stack is new');
  });

  it.each(['UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'])(
    'lets %s pass without looking, whatever it would find',
    async (status) => {
      const { world, deploy } = guarded(status);
      world.ports.coordination.dark = true;
      expect(await deploy(AWAY)).toEqual({ passed: 'rolling-back' });
    },
  );

  it('asks for the status again, since a rollback that is refused is stuck', async () => {
    const { world, deploy, asked } = guarded([noAnswer(), noAnswer(), noAnswer(), noAnswer()]);
    const before = world.ports.clock.nowMs;
    expect(await deploy(AWAY)).toEqual({ passed: 'rolling-back' });
    expect(asked).toHaveLength(5);
    expect(world.ports.clock.nowMs - before).toBe(8_000);
  });

  it.each([
    { what: 'after the fifth try', failures: () => Array.from({ length: 5 }, noAnswer), tries: 5 },
    { what: 'at once where it may not ask', failures: () => [new Error('AccessDenied')], tries: 1 },
  ])('gives up $what', async ({ failures, tries }) => {
    const { deploy, asked } = guarded(failures());
    await expect(deploy()).rejects.toThrow();
    expect(asked).toHaveLength(tries);
  });

  it.each(['state', 'records', 'parameters'] as const)('refuses where it cannot read the %s', async (port) => {
    const fail = async () => {
      throw noAnswer();
    };
    const silent = { state: { find: fail }, records: { list: fail }, parameters: { read: fail } };
    await expect(guarded('UPDATE_IN_PROGRESS', { [port]: silent[port] }).deploy()).rejects.toBeInstanceOf(
      OperationError,
    );
  });
});
