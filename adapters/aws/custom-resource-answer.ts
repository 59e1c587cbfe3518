import type { CloudFormationCustomResourceResponse } from 'aws-lambda';

/** Whom an answer is for. */
export type AnswerIdentity = Pick<
  CloudFormationCustomResourceResponse,
  'StackId' | 'RequestId' | 'LogicalResourceId' | 'PhysicalResourceId'
>;

/**
 * Most bytes of an answer, as JSON; CloudFormation takes no longer one.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
export const MOST_ANSWER_BYTES = 4096;
/** Stands in the place of what does not fit. */
const CUT = '… (the whole reason is in the log of the function)';
/** The longest that JSON in UTF-8 makes of one character, `\u0000`. */
const MOST_BYTES_OF_CHARACTER = 6;

/**
 * The answer of a custom resource: success, or failure with as much of the reason as fits, since one that is too long
 * would be none at all. Bytes, not text: a text body would bring a content type, which the address is not signed for.
 */
export function answerBody(identity: AnswerIdentity, failure: string | undefined): Uint8Array<ArrayBuffer> {
  if (failure === undefined) return bytesOf({ Status: 'SUCCESS', ...identity });
  let body = bytesOf({ Status: 'FAILED', Reason: failure, ...identity });
  for (let length = failure.length; body.length > MOST_ANSWER_BYTES && length > 0; ) {
    // At least so many characters have to go; another round takes what is left over.
    length = Math.max(0, length - Math.ceil((body.length - MOST_ANSWER_BYTES) / MOST_BYTES_OF_CHARACTER));
    body = bytesOf({ Status: 'FAILED', Reason: `${failure.slice(0, length)}${CUT}`, ...identity });
  }
  return body;
}

function bytesOf(response: CloudFormationCustomResourceResponse): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(response));
}
