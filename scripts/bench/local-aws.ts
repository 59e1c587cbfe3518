import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { marshall } from '@aws-sdk/util-dynamodb';
import { itemKeys } from '../../adapters/aws/dynamodb-expressions.ts';
import type { OperationUnderWay } from './functions-input.ts';

/** A call as it arrived; `atEpochMs` is when, to a fraction of a millisecond. */
export interface ArrivedCall {
  readonly operation: string;
  readonly atEpochMs: number;
}

/** AWS at an address of this machine. */
export interface LocalAws extends AsyncDisposable {
  readonly url: string;
  /** Called for everything that arrives. */
  onCall: (call: ArrivedCall) => void;
}

interface Answer {
  readonly contentType: string;
  readonly body: string | Buffer;
}

/**
 * Answers each service in its own wire format with the least that its client accepts. The coordination table holds an
 * operation under way and agrees to every condition; everything else is empty.
 */
export async function startLocalAws(underWay: OperationUnderWay): Promise<LocalAws> {
  const server = createServer((incoming, outgoing) => {
    const atEpochMs = performance.timeOrigin + performance.now();
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const operation = operationOf(incoming, body);
      aws.onCall({ operation, atEpochMs });
      const { contentType, body: answer } = answerTo(operation, { incoming, body, underWay });
      const protocol = incoming.headers['smithy-protocol'];
      const headers = {
        'content-type': contentType,
        ...(protocol === undefined ? {} : { 'smithy-protocol': protocol }),
      };
      outgoing.writeHead(200, headers).end(answer);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const aws: LocalAws = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    onCall: () => undefined,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return aws;
}

/** By the header of the JSON protocols, the form of the query protocol, the path of CBOR, or the path of REST. */
function operationOf({ headers, url = '', method = '' }: IncomingMessage, body: string): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.').at(-1) ?? '';
  const action = /(?:^|&)Action=(\w+)/.exec(body)?.[1];
  const operation = /\/operation\/(\w+)/.exec(url)?.[1];
  return action ?? operation ?? `${method} ${url.split('?')[0]}`;
}

function answerTo(
  operation: string,
  { incoming, body, underWay }: { incoming: IncomingMessage; body: string; underWay: OperationUnderWay },
): Answer {
  const contentType = incoming.headers['content-type'] ?? '';
  if (contentType.startsWith('application/x-amz-json')) {
    return { contentType, body: JSON.stringify(jsonAnswer(operation, body, underWay)) };
  }
  if (contentType.startsWith('application/cbor')) return { contentType, body: EMPTY_CBOR_MAP };
  return { contentType: 'text/xml', body: xmlAnswer(operation, underWay) };
}

const EMPTY_CBOR_MAP = Buffer.from([0xa0]);

function jsonAnswer(operation: string, body: string, underWay: OperationUnderWay): unknown {
  switch (operation) {
    case 'GetItem':
      return { Item: itemOf(body, underWay) };
    case 'UpdateItem':
      return { Attributes: itemOf(body, underWay) };
    case 'Query':
      return { Items: [stateItem(underWay)] };
    case 'StartExecution':
      return { executionArn: underWay.record.executionArn, startDate: 0 };
    case 'PutParameter':
      return { Version: 1 };
    default:
      return {};
  }
}

/** The item that a key names: the operation's record, or for any other the state. */
function itemOf(body: string, underWay: OperationUnderWay): unknown {
  const { Key } = JSON.parse(body) as { readonly Key?: { readonly item?: { readonly S?: string } } };
  if (Key?.item?.S?.startsWith(itemKeys.operationPrefix) !== true) return stateItem(underWay);
  const item = itemKeys.operation(underWay.operation.operationId);
  return marshall({ ...underWay.record, item }, { removeUndefinedValues: true });
}

function stateItem({ state }: OperationUnderWay): unknown {
  return marshall({ ...state, item: itemKeys.state }, { removeUndefinedValues: true });
}

function xmlAnswer(operation: string, { operation: { source, target } }: OperationUnderWay): string {
  if (operation === 'Publish') return response('Publish', '<MessageId>bench</MessageId>');
  if (operation === 'DescribeGlobalClusters') {
    const members = `${clusterMember(source, true)}${clusterMember(target, false)}`;
    return response(operation, globalCluster(members));
  }
  if (operation === 'DescribeStacks') {
    return response(operation, '<Stacks><member><StackStatus>UPDATE_IN_PROGRESS</StackStatus></member></Stacks>');
  }
  if (operation.endsWith('/rrset')) {
    return '<ListResourceRecordSetsResponse><ResourceRecordSets/><IsTruncated>false</IsTruncated><MaxItems>100</MaxItems></ListResourceRecordSetsResponse>';
  }
  return /^[A-Z][A-Za-z]+$/.test(operation) ? response(operation, '') : '';
}

function globalCluster(members: string): string {
  return `<GlobalClusters><GlobalClusterMember><GlobalClusterIdentifier>storefront</GlobalClusterIdentifier><Status>available</Status><GlobalClusterMembers>${members}</GlobalClusterMembers></GlobalClusterMember></GlobalClusters>`;
}

function clusterMember(region: string, writes: boolean): string {
  return `<GlobalClusterMember><DBClusterArn>arn:aws:rds:${region}:111122223333:cluster:storefront</DBClusterArn><IsWriter>${writes}</IsWriter><SynchronizationStatus>connected</SynchronizationStatus></GlobalClusterMember>`;
}

function response(operation: string, result: string): string {
  return `<${operation}Response><${operation}Result>${result}</${operation}Result></${operation}Response>`;
}
