import { parseJson } from '../../core/parse-json.ts';
import { namedError } from './task-tokens.ts';

/** Where the items of a Map are, when they are in Amazon S3: one object that holds a JSON array. */
export interface ItemReader {
  readonly Resource: string;
  readonly ReaderConfig: { readonly InputType: string };
  readonly Parameters: Readonly<Record<string, unknown>>;
}

/** Gives the text of an object; undefined where there is none. */
export type ReadObject = (bucket: string, key: string) => string | undefined;

const GET_OBJECT = 'arn:aws:states:::s3:getObject';
const PARAMETERS = ['Bucket.$', 'Key.$'];

/** What the twin would read otherwise than AWS does. */
export function readerFaults({ Resource, ReaderConfig, Parameters, ...rest }: ItemReader): readonly string[] {
  const strange = [...Object.keys(rest), ...Object.keys(ReaderConfig).filter((field) => field !== 'InputType')];
  const missing = PARAMETERS.filter((name) => typeof Parameters[name] !== 'string');
  return [
    ...strange.map((field) => `has an ItemReader with ${field}`),
    ...(Resource === GET_OBJECT ? [] : [`reads its items by ${Resource}`]),
    ...(ReaderConfig.InputType === 'JSON' ? [] : [`reads items as ${ReaderConfig.InputType}`]),
    ...missing.map((name) => `has an ItemReader without ${name}`),
    ...Object.keys(Parameters)
      .filter((name) => !PARAMETERS.includes(name))
      .map((name) => `has an ItemReader with ${name}`),
  ];
}

/**
 * The items of the object.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
 * @throws an error named `States.ItemReaderFailed` where there is no such object, or it holds no JSON array.
 */
export function readItems(
  { Parameters }: ItemReader,
  { read, readPath }: { readonly read: ReadObject; readonly readPath: (path: string) => unknown },
): readonly unknown[] {
  const [bucket = '', key = ''] = PARAMETERS.map((name) => String(readPath(String(Parameters[name]))));
  const text = read(bucket, key);
  const items = text === undefined ? undefined : parseJson(text);
  if (Array.isArray(items)) return items;
  throw namedError('States.ItemReaderFailed', `s3://${bucket}/${key} holds no JSON array`);
}
