import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { itemKeys } from '../../adapters/aws/dynamodb-expressions.ts';
import { compileAlarms } from '../../core/alarms/compile.ts';
import { names } from '../../core/config/names.ts';
import { initialState } from '../../core/operation/application-state.ts';
import { ERROR_NAMES } from '../../core/operation/errors.ts';
import { closeOperation } from '../../core/operation/transitions.ts';
import { reportName } from '../../core/reconcile/end.ts';
import storefront from '../../switchyard.config.ts';

const APPLICATION = { application: '<application>' };
const ACCOUNT = { account: '<account>', partition: 'aws' };

/** One command of a document: what it calls, and its options. */
interface AwsCommand {
  readonly path: string;
  readonly line: string;
  readonly call: string;
  readonly options: Readonly<Record<string, string>>;
}

/** Every `aws` command that stands in a block of shell. */
const COMMANDS: readonly AwsCommand[] = [
  'docs/operations.md',
  'docs/day-2.md',
  'docs/decision.md',
  ...readdirSync('docs/runbooks').map((file) => join('docs/runbooks', file)),
].flatMap((path) =>
  [...readFileSync(path, 'utf8').matchAll(/^ *```sh\n([\s\S]*?)```/gm)]
    .flatMap(([, block = '']) => block.replaceAll(/\\\n\s*/g, '').split('\n'))
    .map((line) => line.trim())
    .filter((line) => line.startsWith('aws '))
    .map((line) => ({ path, line, ...parse(line) })),
);

function parse(line: string): Pick<AwsCommand, 'call' | 'options'> {
  const [, service, operation, ...rest] = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, quoted, bare]) => quoted ?? bare,
  );
  const options = new Map<string, string>();
  for (const [index, word] of rest.entries()) {
    if (word?.startsWith('--')) options.set(word, rest[index + 1] ?? '');
  }
  return { call: `${service} ${operation}`, options: Object.fromEntries(options) };
}

function json(text: string | undefined): Record<string, unknown> {
  return JSON.parse(text ?? '{}') as Record<string, unknown>;
}

const calling = (service: string) => COMMANDS.filter(({ call }) => call.startsWith(`${service} `));

describe('a command on the coordination table', () => {
  const queries = calling('dynamodb').filter(({ call }) => call.endsWith('query'));
  const updates = calling('dynamodb').filter(({ call }) => call.endsWith('update-item'));

  it.each(calling('dynamodb'))('of $path names the table, in a Region that has it: $line', ({ options }) => {
    expect(options['--table-name']).toBe(names.coordinationTable(APPLICATION));
    expect(options['--region']).toBe('<replica>');
  });

  it.each(calling('dynamodb').filter((command) => !queries.includes(command)))(
    'of $path names an item of it: $line',
    ({ options }) => {
      expect(
        [itemKeys.state, itemKeys.decision, itemKeys.operation('<operationId>')].map((item) => ({
          application: { S: '<application>' },
          item: { S: item },
        })),
      ).toContainEqual(json(options['--key']));
    },
  );

  it.each(queries)('of $path reads items of one kind by both keys of the table: $line', ({ options }) => {
    const [, word = ''] =
      /^#application = :application AND begins_with\(#item, :(\w+)\)$/.exec(
        options['--key-condition-expression'] ?? '',
      ) ?? [];
    const { ':application': application, [`:${word}`]: prefix } = json(options['--expression-attribute-values']);
    expect(application).toEqual({ S: '<application>' });
    expect([itemKeys.reportPrefix, itemKeys.keptPrefix, itemKeys.operationPrefix].map((S) => ({ S }))).toContainEqual(
      prefix,
    );
    expect(json(options['--expression-attribute-names'])).toMatchObject({
      '#application': 'application',
      '#item': 'item',
    });
  });

  it.each([...queries, ...updates])(
    'of $path uses all that it names, and names all that it uses: $line',
    ({ options }) => {
      const named = json(options['--expression-attribute-names']);
      const values = json(options['--expression-attribute-values']);
      const used = ['--key-condition-expression', '--update-expression', '--condition-expression'].flatMap(
        (option) => options[option]?.match(/[#:]\w+/g) ?? [],
      );
      expect(new Set(used)).toEqual(new Set([...Object.keys(named), ...Object.keys(values)]));
    },
  );

  it.each([...queries, ...updates])('of $path names fields of an item: $line', ({ options }) => {
    const named = json(options['--expression-attribute-names']);
    const fields = [...Object.keys(initialState(storefront)), 'application', 'item'];
    expect(Object.values(named).filter((field) => !fields.includes(String(field)))).toEqual([]);
  });

  it.each(updates)('of $path gives every field a value of its own type: $line', ({ options }) => {
    const named = json(options['--expression-attribute-names']);
    const values = json(options['--expression-attribute-values']);
    const state: Readonly<Record<string, unknown>> = { ...initialState(storefront) };
    const text = `${options['--update-expression']} ${options['--condition-expression']}`;
    for (const [, name = '', value = ''] of text.matchAll(/(#\w+) = (:\w+)/g)) {
      const [type = ''] = Object.keys(values[value] as object);
      expect(type).toBe(attributeTypeOf(state[String(named[name])]));
    }
  });

  it('settles what an abort of a hold leaves behind: the phase alone, with nobody in the way', () => {
    const left = closeOperation(
      { epoch: 1, operationId: 'a' },
      { phase: 'NEEDS_OPERATOR', nowEpochMs: 0, coolDown: true },
    ).set;
    const settle = updates.find(({ line }) => line.includes('NEEDS_OPERATOR'));
    expect(json(settle?.options['--expression-attribute-values'])).toMatchObject({
      ':held': { S: left.phase },
      ':nobody': { NULL: left.operationId === null },
    });
    expect(settle?.options['--update-expression']).toBe('SET #phase = :settled');
  });
});

function attributeTypeOf(value: unknown): string {
  if (value === null) return 'NULL';
  if (Array.isArray(value)) return 'L';
  return { string: 'S', number: 'N', boolean: 'BOOL' }[typeof value as 'string' | 'number' | 'boolean'];
}

describe('a command on alarms, functions and logs', () => {
  const ours = [...calling('cloudwatch'), ...calling('lambda'), ...calling('logs')];
  const IDS = compileAlarms(storefront, 'ap-northeast-1').map(({ id }) => id.replace('ap-southeast-1', '<subject>'));

  it.each(calling('cloudwatch'))('of $path names alarms that there are: $line', ({ options }) => {
    const wanted = names.alarm(APPLICATION, '');
    const name = options['--alarm-names'] ?? options['--alarm-name-prefix'] ?? '';
    expect(name.startsWith(wanted)).toBe(true);
    const found = IDS.filter((id) =>
      options['--alarm-names'] ? id === name.slice(wanted.length) : id.startsWith(name.slice(wanted.length)),
    );
    expect(found).not.toEqual([]);
  });

  it.each(ours)(
    'of $path goes to a Region, and where it is about a function to the one that the page is about: $line',
    (command) => {
      const { path, line, options } = command;
      const about = path.endsWith('regions-differ.md') ? 'compare-regions' : 'observe-regions';
      expect(options['--region']).toBe('<region>');
      if (!line.includes('cloudwatch')) expect(line).toContain(names.stepFunction(APPLICATION, about));
    },
  );
});

describe('a command on a machine', () => {
  it.each(calling('stepfunctions').filter(({ call }) => call.endsWith('start-execution')))(
    'of $path starts one of ours in its own Region: $line',
    ({ options }) => {
      const machine = /-(failover|failback)$/.exec(options['--state-machine-arn'] ?? '')?.[1] ?? '';
      const target = { region: '<target>', machine };
      expect(options['--state-machine-arn']).toBe(names.stateMachineArn(APPLICATION, ACCOUNT, target));
      expect(options).toMatchObject({ '--region': '<target>', '--input': `file://${machine}.json` });
    },
  );

  it.each(calling('stepfunctions').filter(({ options }) => '--execution-arn' in options))(
    'of $path names an execution of ours in its own Region: $line',
    ({ options }) => {
      const machine = names.stateMachineArn(APPLICATION, ACCOUNT, { region: '<target>', machine: 'failover' });
      expect(options['--execution-arn']).toBe(`${machine.replace(':stateMachine:', ':execution:')}:<operationId>`);
      expect(options['--region']).toBe('<target>');
    },
  );

  it.each(calling('stepfunctions').filter(({ options }) => '--task-token' in options))(
    'of $path answers as the machine expects: $line',
    ({ options }) => {
      if ('--error' in options) expect(ERROR_NAMES).toContain(options['--error']);
      else expect(json(options['--task-output'])).toEqual({ decision: 'resume', by: '<your name>' });
    },
  );
});

describe('a command on what a reconciliation has kept', () => {
  it.each(calling('s3').filter(({ call }) => call === 's3 cp'))(
    'of $path reads the report of a failback in the Region that it went to: $line',
    (command) => {
      const bucket = names.planBucket(APPLICATION, ACCOUNT, '<target>');
      expect(command.line).toContain(`s3://${bucket}/${reportName('failback-<epoch>')} `);
      expect(command.options['--region']).toBe('<target>');
    },
  );
});

describe('a command on what is deployed', () => {
  it.each(calling('cloudformation'))(
    'of $path names a stack of ours, in the Region that it is in: $line',
    ({ options }) => {
      const isRouting = options['--stack-name'] === names.stack(APPLICATION, 'routing');
      expect(options).toMatchObject(
        isRouting
          ? { '--region': '<home>' }
          : { '--region': '<region>', '--stack-name': names.stack(APPLICATION, 'region-<region>') },
      );
    },
  );

  it.each(calling('ssm'))('of $path asks for every live weight: $line', ({ options }) => {
    const parameter = names.weightParameter(APPLICATION, { name: 'any', setIdentifier: 'any' });
    expect(parameter).toBe(`${options['--path']}/any/any`);
    expect(options).toMatchObject({ '--region': '<home>', '--recursive': '--path' });
  });

  it.each(calling('route53'))('of $path names the zone, and the live record or a batch: $line', ({ options }) => {
    expect(options['--hosted-zone-id']).toBe('<hostedZoneId>');
    expect([options['--start-record-name'], options['--change-batch']]).toContainEqual(
      options['--change-batch'] === undefined ? names.liveRecord({ record: '<record>' }) : 'file://move.json',
    );
  });
});

describe('a command on a switch', () => {
  it.each(calling('s3api'))('of $path names the bucket and the object: $line', ({ options }) => {
    expect(options['--bucket']).toBe(names.guardianBucket(APPLICATION, ACCOUNT, '<guardian>'));
    expect(options['--key']).toBe(names.evacuationKey(APPLICATION, '<region>'));
  });

  it('sets it with what the checkers look for', () => {
    const marker = names.evacuationMarker(APPLICATION, '<region>');
    expect(readFileSync('docs/runbooks/failback.md', 'utf8')).toContain(`{"marker":"${marker}","epoch":<epoch>}`);
  });
});

it.each(calling('s3').filter(({ call }) => call !== 's3 cp'))(
  'a command of $path removes a bucket of ours: $line',
  ({ line }) => {
    const buckets = [names.guardianBucket, names.accessLogBucket, names.planBucket, names.planLogBucket].map((nameOf) =>
      nameOf(APPLICATION, ACCOUNT, '<region>'),
    );
    expect(buckets.map((bucket) => `s3://${bucket}`)).toContain(line.split(' ').at(-1));
  },
);

it('every kind of command is there', () => {
  expect([...new Set(COMMANDS.map(({ call }) => call))].toSorted()).toEqual([
    'cloudformation continue-update-rollback',
    'cloudformation delete-stack',
    'cloudformation describe-stack-events',
    'cloudformation update-termination-protection',
    'cloudwatch describe-alarms',
    'dynamodb get-item',
    'dynamodb query',
    'dynamodb update-item',
    'lambda get-function-configuration',
    'logs tail',
    'rds describe-global-clusters',
    'route53 change-resource-record-sets',
    'route53 list-resource-record-sets',
    's3 cp',
    's3 rb',
    's3 rm',
    's3api delete-object',
    's3api put-object',
    'ssm get-parameters-by-path',
    'stepfunctions redrive-execution',
    'stepfunctions send-task-failure',
    'stepfunctions send-task-success',
    'stepfunctions start-execution',
    'stepfunctions stop-execution',
  ]);
});
