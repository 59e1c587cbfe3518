import type { HealthAnswer } from '../../client/health/deep-health.ts';

/** How a health document lies: half of it, or all of it with fields of other types. */
export const DOCUMENT_LIES = ['unparsable', 'wrong'] as const;
/** One of these lies. */
export type DocumentLie = (typeof DOCUMENT_LIES)[number];

/** The answer with the lie in it, still under its status: whoever looks at that alone is taken in. */
export function falsified({ status, body }: HealthAnswer, lie: DocumentLie | undefined): HealthAnswer {
  switch (lie) {
    case undefined:
      return { status, body };
    case 'unparsable':
      return { status, body: body.slice(0, body.length / 2) };
    case 'wrong':
      return { status, body: JSON.stringify({ status: 'passed', checks: [0, 1, null] }) };
  }
}
