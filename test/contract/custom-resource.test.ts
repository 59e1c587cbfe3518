import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { describe, expect, it, vi } from 'vitest';
import { answerBody, MOST_ANSWER_BYTES } from '../../adapters/aws/custom-resource-answer.ts';
import { customResourceHandler } from '../../adapters/aws/custom-resource-handler.ts';
import { closedPort } from '../_helpers/loopback-http.ts';
import { startLoopbackServer } from '../_helpers/loopback-server.ts';

const IDENTITY = { StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Weights' };

function eventOf(type: 'Create' | 'Update' | 'Delete', ResponseURL: string): CloudFormationCustomResourceEvent {
  const common = { ...IDENTITY, ServiceToken: 'arn', ResourceType: 'Custom::LiveWeights', ResponseURL };
  const ResourceProperties = { ServiceToken: 'arn', Names: ['a'] };
  switch (type) {
    case 'Create':
      return { ...common, RequestType: type, ResourceProperties };
    case 'Update':
      return {
        ...common,
        RequestType: type,
        ResourceProperties,
        OldResourceProperties: { ServiceToken: 'arn' },
        PhysicalResourceId: 'made',
      };
    case 'Delete':
      return { ...common, RequestType: type, ResourceProperties, PhysicalResourceId: 'made' };
  }
}

vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
/** A step that must not run here: outside a bundle there is no config beside it, and that fails first. */
const handler = customResourceHandler('test', () => async () => 'never');

describe('a custom resource', () => {
  it('answers a deletion with success and does nothing else', async () => {
    await using server = await startLoopbackServer(() => ({ status: 200 }));
    await handler(eventOf('Delete', server.url), {} as Context);
    expect(server.received.map(({ body }) => JSON.parse(body))).toEqual([
      { Status: 'SUCCESS', ...IDENTITY, PhysicalResourceId: 'made' },
    ]);
  });

  it.each([
    { type: 'Create', id: 'Weights' },
    { type: 'Update', id: 'made' },
  ] as const)('answers a failed $type under the same id, with the reason', async ({ type, id }) => {
    await using server = await startLoopbackServer(() => ({ status: 200 }));
    await handler(eventOf(type, server.url), {} as Context);
    const [answer] = server.received.map(({ body }) => JSON.parse(body));
    expect(answer).toMatchObject({ Status: 'FAILED', ...IDENTITY, PhysicalResourceId: id });
    expect(answer.Reason).toContain('config.json');
  });

  it('sends its answer without a content type, which the address is not signed for', async () => {
    await using server = await startLoopbackServer(() => ({ status: 200 }));
    await handler(eventOf('Delete', server.url), {} as Context);
    expect(server.received).toMatchObject([{ method: 'PUT' }]);
    expect(server.received[0]?.headers).not.toHaveProperty('content-type');
  });

  it('fails where CloudFormation takes no answer, so that Lambda asks again', async () => {
    await using server = await startLoopbackServer(() => ({ status: 403 }));
    await expect(handler(eventOf('Delete', server.url), {} as Context)).rejects.toThrow('HTTP status 403');
  });

  it('is answered again where CloudFormation did not take it at first', async () => {
    let asked = 0;
    await using server = await startLoopbackServer(() => ({ status: ++asked < 3 ? 503 : 200 }));
    await handler(eventOf('Delete', server.url), {} as Context);
    expect(server.received).toHaveLength(3);
    expect(new Set(server.received.map(({ body }) => body)).size).toBe(1);
  });

  it('is given up where nobody takes it, with the reason', async () => {
    await expect(
      handler(eventOf('Delete', `http://127.0.0.1:${await closedPort()}`), {} as Context),
    ).rejects.toMatchObject({ code: 'ANSWER_NOT_TAKEN', message: expect.stringContaining('deploy again') });
  });
});

describe('the answer of a custom resource', () => {
  const identity = { ...IDENTITY, PhysicalResourceId: 'made' };
  const read = (body: Uint8Array): { readonly Reason: string } => JSON.parse(new TextDecoder().decode(body));

  it.each([
    { of: 'ASCII', text: 'x' },
    { of: 'what JSON escapes', text: '"\n\u0000' },
    { of: 'other alphabets', text: '線路' },
  ])('has as much of a reason of $of as CloudFormation takes, and says where the rest is', ({ text }) => {
    const body = answerBody(identity, text.repeat(5000));
    expect(body.length).toBeLessThanOrEqual(MOST_ANSWER_BYTES);
    expect(body.length).toBeGreaterThan(MOST_ANSWER_BYTES - 10);
    expect(read(body)).toMatchObject({ Status: 'FAILED', ...identity });
    expect(read(body).Reason).toMatch(/… \(the whole reason is in the log of the function\)$/);
  });

  it.each([0, 1])('is cut at just one byte too many: %i', (more) => {
    const empty = answerBody(identity, '').length;
    const { Reason } = read(answerBody(identity, 'x'.repeat(MOST_ANSWER_BYTES - empty + more)));
    expect(Reason.endsWith('x')).toBe(more === 0);
  });
});
