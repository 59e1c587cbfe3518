import { describe, expect, it } from 'vitest';
import { createCloseOperation } from '../../../lambdas/close-operation/close-operation.ts';
import { createHoldOperation } from '../../../lambdas/hold-operation/hold-operation.ts';
import { createRequestApproval } from '../../../lambdas/request-approval/request-approval.ts';
import { createSendNotification } from '../../../lambdas/send-notification/send-notification.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { noAnswer } from '../../_helpers/steps/fake-ports.ts';
import { type StepWorld, stepWorld } from '../../_helpers/steps/step-world.ts';

const error = { Error: 'PromotionTimedOutError', Cause: '{"errorMessage":"not finished"}' };
const body = (world: StepWorld, index = 0) => JSON.parse(world.ports.notifier.sent[index]?.body ?? '{}');

async function opened() {
  const world = stepWorld();
  return { world, input: await world.open() };
}

describe('send-notification', () => {
  it('tells each event once, however often it is run', async () => {
    const { world, input } = await opened();
    const send = createSendNotification(world.context());
    await send({ ...input, event: 'started' });
    await send({ ...input, event: 'started' });
    await send({ ...input, event: 'held', error });
    expect(world.ports.notifier.sent.map(({ subject }) => subject.split(' ')[0])).toEqual([
      '[FAILOVER][STARTED]',
      '[FAILOVER][HELD]',
    ]);
    expect(body(world, 1)).toMatchObject({ event: 'held', cause: 'not finished' });
    expect(await world.lines(input, 'send-notification')).toMatchObject([
      { outcome: 'done', detail: { event: 'started' } },
      { outcome: 'done', detail: { event: 'held' } },
    ]);
  });

  it('needs no lease, and gives the reason of the end', async () => {
    const { world, input } = await opened();
    await createCloseOperation(world.context())({ ...input, status: 'ABORTED', reason: 'lag 30 s' });
    await createSendNotification(world.context())({ ...input, event: 'aborted' });
    expect(body(world)).toMatchObject({ status: 'ABORTED', cause: 'lag 30 s' });
  });

  it('records a channel that fails, and sends when it is tried again', async () => {
    const { world, input } = await opened();
    const send = createSendNotification(world.context());
    world.ports.notifier.failure = noAnswer();
    await expect(send({ ...input, event: 'started' })).rejects.toMatchObject({ retryable: true });
    world.ports.notifier.failure = undefined;
    await send({ ...input, event: 'started' });
    expect(world.ports.notifier.sent).toHaveLength(1);
    expect((await world.lines(input, 'send-notification')).map(({ outcome }) => outcome)).toEqual(['failed', 'done']);
  });

  it('records every channel, and asks again those alone that failed', async () => {
    const { world, input } = await opened();
    const { others, asked } = world.ports.notifier;
    others.set('pagerduty', new Error('HTTP status 503, tried twice')).set('chat', undefined);
    const send = createSendNotification(world.context());
    await expect(send({ ...input, event: 'succeeded' })).rejects.toMatchObject({ name: 'TransientPlatformError' });
    others.set('pagerduty', undefined);
    await send({ ...input, event: 'succeeded' });
    await send({ ...input, event: 'succeeded' });
    expect(asked.map(({ channel }) => channel)).toEqual(['sns', 'pagerduty', 'chat', 'pagerduty']);
    expect(await world.lines(input, 'send-notification')).toMatchObject([
      {
        outcome: 'failed',
        detail: { event: 'succeeded', channel: 'pagerduty', error: expect.stringContaining('503') },
      },
      { outcome: 'done', detail: { event: 'succeeded', channel: 'sns' } },
      { outcome: 'done', detail: { event: 'succeeded', channel: 'chat' } },
      { outcome: 'done', detail: { event: 'succeeded', channel: 'pagerduty' } },
    ]);
  });

  it("lets no operation wait for somebody else's service", async () => {
    const { world, input } = await opened();
    world.ports.notifier.others.set('pagerduty', new Error('no answer')).set('chat', new Error('no answer'));
    await createSendNotification(world.context())({ ...input, event: 'started' });
    expect((await world.lines(input, 'send-notification')).map(({ outcome }) => outcome)).toEqual([
      'failed',
      'failed',
      'done',
    ]);
  });

  it('has nothing to tell about an operation that is not there', async () => {
    const { world, input } = await opened();
    const operation = { ...input.operation, operationId: 'unheard-of' };
    await createSendNotification(world.context())({ operation, event: 'started' });
    expect(world.ports.notifier.sent).toEqual([]);
  });
});

describe('request-approval', () => {
  it('keeps the token and sends both commands', async () => {
    const { world, input } = await opened();
    await createRequestApproval(world.context())({ ...input, taskToken: 'T1' });
    expect(await world.lines(input, 'request-approval')).toMatchObject([
      { outcome: 'waiting', detail: { taskToken: 'T1', timeoutSeconds: 900 } },
    ]);
    const { commands } = body(world);
    expect(commands.approve).toMatch(/send-task-success .*'T1'.*"approve"/);
    expect(commands.decline).toMatch(/send-task-failure .*'T1'.*ApprovalDeclinedError/);
  });

  it('waits for the topic alone, which has the commands', async () => {
    const { world, input } = await opened();
    world.ports.notifier.others.set('chat', new Error('no answer'));
    await createRequestApproval(world.context())({ ...input, taskToken: 'T1' });
    expect(await world.lines(input, 'request-approval')).toMatchObject([
      { outcome: 'waiting' },
      { outcome: 'failed', detail: { channel: 'chat' } },
    ]);
  });

  it('records a channel that fails, and asks again under the next token', async () => {
    const { world, input } = await opened();
    const ask = createRequestApproval(world.context());
    world.ports.notifier.failure = noAnswer();
    await expect(ask({ ...input, taskToken: 'T1' })).rejects.toMatchObject({ retryable: true });
    world.ports.notifier.failure = undefined;
    await ask({ ...input, taskToken: 'T2' });
    expect((await world.lines(input, 'request-approval')).map(({ outcome }) => outcome)).toEqual([
      'waiting',
      'failed',
      'waiting',
    ]);
    expect(body(world).commands.approve).toContain("'T2'");
  });
});

describe('hold-operation', () => {
  it('says so in the state and the record, keeps the token, and names both answers', async () => {
    const { world, input } = await opened();
    await createHoldOperation(world.context())({ ...input, taskToken: 'T1', error });
    expect(await world.state()).toMatchObject({ phase: 'NEEDS_OPERATOR', operationId: input.operation.operationId });
    expect(await world.record(input)).toMatchObject({ status: 'NEEDS_OPERATOR', endedAtEpochMs: null });
    expect(await world.lines(input, 'hold-operation')).toMatchObject([
      { outcome: 'waiting', detail: { taskToken: 'T1', cause: 'PromotionTimedOutError: not finished' } },
    ]);
    expect(body(world).commands).toMatchObject({
      resume: expect.stringContaining('"resume"'),
      abort: expect.stringContaining('"abort"'),
    });
    expect(world.ports.evacuation.evacuated()).toEqual([]);
  });

  it('says of a failback what stands, and what each answer does', async () => {
    const world = stepWorld();
    const input = await world.open('failback');
    await world.setState({ weights: { [SINGAPORE]: 50, [TOKYO]: 50 }, writerRegion: null });
    await createHoldOperation(world.context())({ ...input, taskToken: 'T1', error });
    const { text } = world.ports.notifier.sent.at(-1) ?? {};
    expect(text).toContain('traffic stands at ap-southeast-1 50, ap-northeast-1 50; nobody may write.');
    expect(text).toContain('"abort" puts all traffic back on ap-northeast-1 where the data writer is there');
  });

  it('holds also where nobody can be told, and records that', async () => {
    const { world, input } = await opened();
    world.ports.notifier.failure = noAnswer();
    await createHoldOperation(world.context())({ ...input, taskToken: 'T1' });
    expect(await world.lines(input, 'hold-operation')).toMatchObject([
      { outcome: 'waiting', detail: { cause: 'held' } },
      { outcome: 'failed', detail: { channel: 'sns' } },
    ]);
  });

  it('keeps the newest token where it is run again', async () => {
    const { world, input } = await opened();
    const hold = createHoldOperation(world.context());
    world.ports.coordination.failNext('appendEvent');
    await expect(hold({ ...input, taskToken: 'T1', error })).rejects.toMatchObject({ retryable: true });
    await hold({ ...input, taskToken: 'T2', error });
    expect((await world.lines(input, 'hold-operation')).map(({ detail }) => detail['taskToken'])).toEqual(['T2']);
    expect(world.ports.notifier.sent).toHaveLength(1);
  });
});

describe('an answer', () => {
  it.each([
    ['request-approval', createRequestApproval, 'approve'],
    ['hold-operation', createHoldOperation, 'resume'],
  ] as const)('to %s is put on record once, with who gave it', async (step, create, decision) => {
    const answer = { decision, by: 'bob' };
    const { world, input } = await opened();
    const run = create(world.context());
    await run({ ...input, taskToken: 'T1' });
    await run({ ...input, answer });
    await run({ ...input, answer });
    expect(await world.lines(input, step)).toMatchObject([
      { outcome: 'waiting' },
      { outcome: 'done', detail: { answer: decision, by: 'bob' } },
    ]);
    expect(world.ports.notifier.sent).toHaveLength(1);
  });

  it.each([
    { what: 'a rung was breached', line: { step: 'check-rung', outcome: 'refused' as const }, retreating: true },
    { what: 'a rung baked', line: { step: 'check-rung', outcome: 'done' as const }, retreating: false },
    {
      what: 'the writer was to go back',
      line: { step: 'retreat-failback', outcome: 'requested' as const },
      retreating: true,
    },
    {
      what: 'nothing could be taken back',
      line: { step: 'retreat-failback', outcome: 'refused' as const },
      retreating: false,
    },
    {
      what: 'the serving Region had failed',
      line: { step: 'check-rung', outcome: 'refused' as const, detail: { currentRegionFailed: true } },
      retreating: false,
    },
  ])('to the hold of a failback comes with the way that it was going: $what', async ({ line, retreating }) => {
    const world = stepWorld();
    const input = await world.open('failback');
    await world.addLine(input, line);
    const run = createHoldOperation(world.context());
    await run({ ...input, taskToken: 'T1' });
    expect(await run({ ...input, answer: { decision: 'resume', by: 'bob' } })).toEqual({ retreating });
  });

  it('to a second hold is another one', async () => {
    const { world, input } = await opened();
    const run = createHoldOperation(world.context());
    for (const by of ['carol', 'dave']) {
      await run({ ...input, taskToken: by });
      await run({ ...input, answer: { decision: 'resume', by } });
    }
    const answers = (await world.lines(input, 'hold-operation')).filter(({ outcome }) => outcome === 'done');
    expect(answers.map(({ detail }) => detail['by'])).toEqual(['carol', 'dave']);
  });

  it.each([null, 'approve', { decision: 7, by: ['x'] }, { decision: 'x'.repeat(5_000) }])(
    'of any form is recorded, and at no length: %j',
    async (answer) => {
      const { world, input } = await opened();
      await createRequestApproval(world.context())({ ...input, taskToken: 'T1' });
      await createRequestApproval(world.context())({ ...input, answer });
      const [, line] = await world.lines(input, 'request-approval');
      expect(line?.outcome).toBe('done');
      expect(JSON.stringify(line).length).toBeLessThan(500);
    },
  );
});
