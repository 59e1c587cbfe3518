import { describe, expect, it } from 'vitest';
import { createGoldProbes } from '../../../client/health/gold-probes.ts';
import { resolveConfig } from '../../../core/config/resolve.ts';
import { judgeGoldProbes, parseGoldAnswer } from '../../../core/parity/gold-probes.ts';
import type { HttpAnswer } from '../../../core/ports.ts';
import storefront from '../../../switchyard.config.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';

const config = resolveConfig({ ...storefront, parity: { goldProbes: { path: '/gold' } } });
const said = (body: unknown, status = 200): HttpAnswer => ({
  answered: true,
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const judge = (pairs: readonly (readonly [HttpAnswer, HttpAnswer])[]) =>
  judgeGoldProbes(
    config,
    pairs.map(([source, target], index) => ({
      question: index + 1,
      source: { region: SINGAPORE, answer: source },
      target: { region: TOKYO, answer: target },
    })),
    7,
  );
const EQUAL = [said({ vector: [1, 0] }), said({ vector: [1, 0] })] as const;

describe('gold probes', () => {
  it('are equal where every question is answered alike, and the largest drift is told', () => {
    const near = [said({ vector: [1, 0] }), said({ vector: [0.98, Math.sqrt(1 - 0.98 ** 2)] })] as const;
    expect(judge([EQUAL, near])).toEqual({
      item: 'gold-probes',
      verdict: 'equal',
      reasons: [],
      comparedAtEpochMs: 7,
      notes: ['largest drift 0.0200, 0.03 is allowed'],
    });
  });

  it('give every reason, and one that drifts is not hidden by those that cannot be read', () => {
    const { verdict, reasons } = judge([
      EQUAL,
      [said({ vector: [1, 0] }), said({ vector: [0, 1] })],
      [said({ vector: [1] }), { answered: false, reason: 'no answer within 5000 ms' }],
      [said({ vector: [1] }), said({ vector: [1, 2] })],
      [said({ vector: [1], question: 'a?' }), said({ vector: [1], question: 'b?' })],
      [said('<html>'), said({ vector: [1] }, 503)],
    ]);
    expect(verdict).toBe('different');
    expect(reasons).toEqual([
      'question 2: drift 1.0000, 0.03 is allowed',
      `question 3: ${TOKYO}: no answer within 5000 ms`,
      'question 4: the vectors have 1 and 2 numbers',
      'question 5 is another one in each Region',
      `question 6: ${SINGAPORE}: the answer is not a JSON object with a "vector"`,
      `question 6: ${TOKYO}: status 503`,
    ]);
  });

  it('are unknown where nothing drifts and something is not answered', () => {
    expect(judge([EQUAL, [EQUAL[0], { answered: false, reason: 'gone' }]]).verdict).toBe('unknown');
  });

  it.each([{ vector: [1, null] }, { vector: [1, '2'] }, { vector: [[1], [2]] }])(
    'take what is no number for no number: %j',
    (body) => {
      expect(judge([[said(body), said({ vector: [1, 2] })]])).toMatchObject({
        verdict: 'different',
        reasons: ['question 1: the vector of the source holds something that is no finite number'],
      });
    },
  );
});

describe('the handler of gold probes', () => {
  const probes = createGoldProbes({
    path: '/gold',
    questions: ['which tent is light?', 'what broke?'],
    vectorOf: async (question) => {
      if (question === 'what broke?') throw new Error('the index is not loaded');
      return [0.5, question.length];
    },
  });

  it('answers a question as it is read', async () => {
    const { status, body } = await probes.answer('/gold?question=1');
    expect(status).toBe(200);
    expect(parseGoldAnswer(said(body))).toEqual({ vector: [0.5, 20], question: 'which tent is light?' });
  });

  it.each([
    { path: '/gold?question=3', status: 404 },
    { path: '/gold?question=0', status: 404 },
    { path: '/gold?question=1e0', status: 404 },
    { path: '/gold', status: 404 },
    { path: '/other?question=1', status: 404 },
    { path: '/gold?question=2', status: 500 },
  ])('answers $path with $status', async ({ path, status }) => {
    const answer = await probes.answer(path);
    expect(answer.status).toBe(status);
    expect(parseGoldAnswer(said(answer.body, status))).toEqual({ unread: `status ${status}` });
  });
});
