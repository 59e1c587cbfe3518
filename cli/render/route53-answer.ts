import type { AnswerReport } from '../../twin/route53/fixture/answer-report.ts';

/** The answer as one JSON document, indented for people; its fields are documented in docs/route53-answer.md. */
export function renderAnswer(report: AnswerReport): string {
  return JSON.stringify(report, null, 2);
}
