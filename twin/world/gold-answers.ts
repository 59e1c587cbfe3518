import { createGoldProbes, type GoldProbes } from '../../client/health/gold-probes.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';

/**
 * The vectors that a Region answers gold probes with, by the handler that applications are given: a direction for each
 * question, turned away by the drift. Undefined where the config asks none.
 *
 * @param drift 1 − cosine similarity to what every other Region answers
 */
export function createGoldAnswers({ parity }: ResolvedConfig, drift: () => number): GoldProbes | undefined {
  if (parity.goldProbes === undefined) return undefined;
  const { path, questions } = parity.goldProbes;
  const texts = Array.from({ length: questions }, (_, index) => `question ${index + 1}`);
  return createGoldProbes({
    path,
    questions: texts,
    vectorOf: async (question) => {
      const angle = texts.indexOf(question) + Math.acos(1 - drift());
      return [Math.cos(angle), Math.sin(angle)];
    },
  });
}
