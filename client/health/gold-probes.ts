import type { HealthAnswer } from './deep-health.ts';

/** How an application answers the questions that every Region must answer alike. */
export interface GoldProbesSettings {
  /** The questions in words, number 1 first; the same list in every Region. */
  readonly questions: readonly string[];
  /** The vector that this Region answers a question with, by the path that its users' questions take. */
  readonly vectorOf: (question: string) => Promise<readonly number[]>;
  /** As `parity.goldProbes.path` of the config. */
  readonly path: string;
}

/** Answers of a Region to gold probes. */
export interface GoldProbes {
  readonly path: string;
  /** What to answer to a path with its query; 404 for any other, and for a question that there is not. Never rejects. */
  answer(pathWithQuery: string): Promise<HealthAnswer>;
}

/** Serves `GET <path>?question=<n>`, n from 1, as `{ "question": "…", "vector": [ … ] }` (docs/parity.md). */
export function createGoldProbes({ questions, vectorOf, path }: GoldProbesSettings): GoldProbes {
  return {
    path,
    answer: async (pathWithQuery) => {
      const url = URL.parse(pathWithQuery, 'http://localhost');
      const number = url?.searchParams.get('question') ?? '';
      const question = /^[1-9]\d*$/.test(number) ? questions[Number(number) - 1] : undefined;
      if (url?.pathname !== path || question === undefined) {
        return refused(404, `${path}?question=1 to ${questions.length} is served here`);
      }
      try {
        const vector = await vectorOf(question);
        return { status: 200, body: JSON.stringify({ question, vector }) };
      } catch (error) {
        return refused(500, `no answer: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
  };
}

function refused(status: number, error: string): HealthAnswer {
  return { status, body: JSON.stringify({ error }) };
}
