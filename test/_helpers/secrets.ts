/** What a secret looks like, by what it is; each from its issuer's own description of the form. */
const FORMS: Readonly<Record<string, RegExp>> = {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
  'AWS access key id': /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/,
  'private key': /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/,
  'JSON web token': /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/,
  'GitHub token': /\b(?:gh[pousr]_\w{36,}|github_pat_\w{22,})/,
  'npm token': /\bnpm_\w{36}\b/,
  'Slack token': /\bxox[abeoprs]-[\w-]{10,}/,
  'Slack webhook': /hooks\.slack\.com\/(?:services|workflows)\/[\w/]{10,}/,
  'address with a password': /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@'"`$]+:[^\s/:@'"`$]+@/i,
  'signed address': /[?&]X-Amz-Signature=[0-9a-f]{16,}/i,
};

/** Names of fields and variables that would hold one. */
const NAMES = /pass(?:word|phrase|wd)|secret|credential|api_?key|access_?key|private_?key|auth_?token|webhook/i;

/** What in a text looks like a secret, each kind once. */
export function secretsIn(text: string): readonly string[] {
  return Object.keys(FORMS).filter((kind) => FORMS[kind]?.test(text) === true);
}

/** Paths of fields, at any depth, whose name says that they hold a secret, and that hold a text. */
export function secretFieldsIn(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = path === '' ? key : `${path}.${key}`;
    const own = typeof inner === 'string' && inner !== '' && NAMES.test(key) ? [here] : [];
    return [...own, ...secretFieldsIn(inner, here)];
  });
}
