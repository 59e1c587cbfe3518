import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { SwitchyardError } from '../../core/errors.ts';
import { answerBody } from './custom-resource-answer.ts';
import { type CreateStep, lambdaHandler } from './lambda-handler.ts';

/** Without an answer a stack waits for the service's timeout: that is worth some tries, of so many milliseconds each. */
const TRIES = 3;
const TIMEOUT_MS = 10_000;
const PAUSE_MS = 500;

/** What a custom resource is asked to bring about; `before` is what it was brought to last, if ever. */
export interface ResourceChange {
  readonly properties: unknown;
  readonly before: unknown;
  /** The stack that asks, as its API knows it. */
  readonly stackId: string;
}

/**
 * Wraps the step of a custom resource as a Lambda handler that answers CloudFormation itself. Create and update are one
 * thing: bring about what the properties say. A deletion is answered and nothing else, since what our custom resources
 * bring about is to outlive them.
 *
 * Every failure is answered too: a resource without an answer keeps its stack waiting until the service's timeout.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-responses.html
 */
export function customResourceHandler(
  service: string,
  create: CreateStep<ResourceChange, unknown>,
): (event: CloudFormationCustomResourceEvent, context: Context) => Promise<void> {
  const run = lambdaHandler(service, create);
  return async (event, context) => {
    const failure = event.RequestType === 'Delete' ? undefined : await failureOf(() => run(changeOf(event), context));
    await answer(event, failure);
  };
}

function changeOf(event: CloudFormationCustomResourceEvent): ResourceChange {
  const before = event.RequestType === 'Update' ? event.OldResourceProperties : undefined;
  return { properties: event.ResourceProperties, before, stackId: event.StackId };
}

async function failureOf(act: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

/** The id never changes: another one would make CloudFormation delete what it takes for the old resource. */
async function answer(event: CloudFormationCustomResourceEvent, failure: string | undefined): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = event;
  const PhysicalResourceId = event.RequestType === 'Create' ? LogicalResourceId : event.PhysicalResourceId;
  const body = answerBody({ StackId, RequestId, LogicalResourceId, PhysicalResourceId }, failure);
  let refusal = '';
  for (let tried = 0; tried < TRIES; tried++) {
    if (tried > 0) await sleep(PAUSE_MS);
    const outcome = await put(event.ResponseURL, body);
    if (outcome === undefined) return;
    refusal = outcome;
  }
  throw new SwitchyardError(
    `CloudFormation took no answer for ${LogicalResourceId}: ${refusal}; it waits until its timeout, then deploy again`,
    { code: 'ANSWER_NOT_TAKEN', source: 'platform', retryable: true, context: { LogicalResourceId } },
  );
}

/** Why an answer was not taken; undefined where it was. */
async function put(url: string, body: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  try {
    const { ok, status } = await fetch(url, { method: 'PUT', body, signal: AbortSignal.timeout(TIMEOUT_MS) });
    return ok ? undefined : `HTTP status ${status}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
