export interface Token {
  /** `unknown`: a character that starts no token; nothing after it was read. */
  readonly kind: 'number' | 'name' | 'string' | 'symbol' | 'unknown' | 'end';
  readonly text: string;
  /** Offset in the expression, from 0. */
  readonly at: number;
}

const TOKEN =
  /\s*(?:(?<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z]\w*)|"(?<string>[^"]*)"|(?<symbol>==|!=|<=|>=|&&|\|\||[-+*/^<>()[\],]))/y;

/** Splits an expression into tokens, the last of kind `end` or `unknown`. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const length = text.trimEnd().length;
  let at = 0;
  while (at < length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) return [...tokens, unknownCharacter(text, at)];
    tokens.push(tokenOf(match, TOKEN.lastIndex));
    at = TOKEN.lastIndex;
  }
  tokens.push({ kind: 'end', text: '', at: length });
  return tokens;
}

function tokenOf(match: RegExpExecArray, end: number): Token {
  const { number, name, string, symbol } = match.groups ?? {};
  if (string !== undefined) return { kind: 'string', text: string, at: end - string.length - 2 };
  const text = number ?? name ?? symbol ?? '';
  const kind = number !== undefined ? 'number' : name !== undefined ? 'name' : 'symbol';
  return { kind, text, at: end - text.length };
}

function unknownCharacter(text: string, from: number): Token {
  const at = from + text.slice(from).search(/\S/);
  return { kind: 'unknown', text: text[at] ?? '', at };
}
