/** Names and values that an expression refers to. */
export interface ExpressionContext {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

type Item = Record<string, unknown>;
/** Whether a condition holds for an item, or for none. */
export type Test = (item: Item | undefined) => boolean;

const TOKEN = /\s*(<=|>=|<>|[=<>(),]|[#:]?[A-Za-z_][\w.#]*)/y;

/**
 * Reads the part of DynamoDB's condition grammar that the adapter uses: comparison, `AND`, `OR`, parentheses,
 * `attribute_exists`, `attribute_not_exists`, `begins_with` and `size`. Anything else is refused by name.
 *
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export function parseCondition(expression: string, context: ExpressionContext): Test {
  const parser = createParser(expression, context);
  const test = parser.or();
  parser.end();
  return test;
}

/**
 * Applies the part of the update grammar that the adapter uses: `SET path = :value` and `list_append(path, :value)`. The
 * item given is left as it is.
 */
export function applyUpdate(expression: string, item: Item, context: ExpressionContext): Item {
  if (!expression.startsWith('SET ')) throw unknown(expression);
  return splitTopLevel(expression.slice('SET '.length)).reduce((updated, assignment) => {
    const [path = '', operand = ''] = assignment.split(' = ').map((part) => part.trim());
    return written(updated, resolvePath(path, context), evaluateOperand(operand, updated, context));
  }, item);
}

function evaluateOperand(operand: string, item: Item, context: ExpressionContext): unknown {
  if (operand.startsWith(':')) return valueNamed(operand, context);
  const append = /^list_append\(([^,]+), (:\w+)\)$/.exec(operand);
  if (append === null) throw unknown(operand);
  const list = read(item, resolvePath(append[1] ?? '', context));
  return [...(Array.isArray(list) ? list : []), ...(valueNamed(append[2] ?? '', context) as unknown[])];
}

function createParser(expression: string, context: ExpressionContext) {
  const tokens = tokenize(expression);
  let position = 0;
  const next = (): string => tokens[position++] ?? '';
  const expect = (token: string): void => {
    if (next() !== token) throw unknown(expression);
  };
  const operand = (): ((item: Item | undefined) => unknown) => {
    const token = next();
    if (token.startsWith(':')) return () => valueNamed(token, context);
    if (token === 'size') {
      expect('(');
      const path = resolvePath(next(), context);
      expect(')');
      return (item) => lengthOf(read(item ?? {}, path));
    }
    const path = resolvePath(token, context);
    return (item) => read(item ?? {}, path);
  };
  const primary = (): Test => {
    const token = tokens[position];
    if (token === '(') {
      position++;
      const inner = or();
      expect(')');
      return inner;
    }
    if (token === 'attribute_exists' || token === 'attribute_not_exists') {
      position++;
      expect('(');
      const path = resolvePath(next(), context);
      expect(')');
      return (item) => (read(item ?? {}, path) !== undefined) === (token === 'attribute_exists');
    }
    if (token === 'begins_with') {
      position++;
      expect('(');
      const whole = operand();
      expect(',');
      const prefix = operand();
      expect(')');
      return (item) => String(whole(item)).startsWith(String(prefix(item)));
    }
    return comparison();
  };
  const comparison = (): Test => {
    const left = operand();
    const operator = next();
    const right = operand();
    if (operator === '=') return (item) => sameValue(left(item), right(item));
    if (operator === '<') return (item) => compareNumbers(left(item), right(item));
    throw unknown(`${operator} in ${expression}`);
  };
  const chain = (word: string, inner: () => Test, join: (a: boolean, b: () => boolean) => boolean): Test => {
    let test = inner();
    while (tokens[position] === word) {
      position++;
      const left = test;
      const right = inner();
      test = (item) => join(left(item), () => right(item));
    }
    return test;
  };
  const and = (): Test => chain('AND', primary, (a, b) => a && b());
  const or = (): Test => chain('OR', and, (a, b) => a || b());
  return {
    or,
    end: () => {
      if (position < tokens.length) throw unknown(expression);
    },
  };
}

/** The adapter has a dozen expressions; each is taken apart once. */
const tokensOf = new Map<string, readonly string[]>();

function tokenize(expression: string): readonly string[] {
  const known = tokensOf.get(expression) ?? readTokens(expression);
  tokensOf.set(expression, known);
  return known;
}

function readTokens(expression: string): readonly string[] {
  const tokens: string[] = [];
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < expression.length) {
    const match = pattern.exec(expression);
    if (match?.[1] === undefined) throw unknown(expression);
    tokens.push(match[1]);
  }
  return tokens;
}

/** Splits at commas that are not inside a function's parentheses. */
function splitTopLevel(list: string): readonly string[] {
  return list.split(/,\s*(?![^(]*\))/);
}

function resolvePath(path: string, { names }: ExpressionContext): readonly string[] {
  return path.split('.').map((part) => {
    const name = part.startsWith('#') ? names[part] : part;
    if (name === undefined)
      throw new Error(
        `ValidationException: an expression attribute name used in the document path is not defined: ${part}`,
      );
    return name;
  });
}

function valueNamed(name: string, { values }: ExpressionContext): unknown {
  if (!(name in values))
    throw new Error(`ValidationException: an expression attribute value used in expression is not defined: ${name}`);
  return values[name];
}

function read(item: Item, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Item)[key] : undefined),
    item,
  );
}

/** The item with another value at a path; what is not on the path is shared with the item before. */
function written(item: Item, [key, ...rest]: readonly string[], value: unknown): Item {
  if (key === undefined) return item;
  if (rest.length === 0) return { ...item, [key]: value };
  const inner = item[key];
  if (typeof inner !== 'object' || inner === null) {
    throw new Error('ValidationException: the document path provided in the update expression is invalid for update');
  }
  return { ...item, [key]: written(inner as Item, rest, value) };
}

/** Equality as DynamoDB has it: by type and value, maps and lists by their content. */
function sameValue(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return false;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => sameValue((a as Item)[key], (b as Item)[key]));
}

function compareNumbers(a: unknown, b: unknown): boolean {
  return typeof a === 'number' && typeof b === 'number' && a < b;
}

function lengthOf(value: unknown): number | undefined {
  return Array.isArray(value) || typeof value === 'string' ? value.length : undefined;
}

function unknown(what: string): Error {
  return new Error(`the twin's DynamoDB does not know the expression ${JSON.stringify(what)}`);
}
