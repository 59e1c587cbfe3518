import * as z from 'zod';
import { parseJson } from '../parse-json.ts';

/** Told apart by hand: the schema library's unions and tuples would add 5 KB to a bundle on the recovery path. */
const answerSchema = z.object({
  status: z.literal('success'),
  data: z.object({ resultType: z.enum(['vector', 'scalar']), result: z.array(z.unknown()) }),
});

/** The one value of an instant query, or why there is none. */
export type PrometheusAnswer = { readonly value: number } | { readonly reason: string };

/** Numbers that Prometheus writes in words of its own. */
const IN_WORDS: Readonly<Record<string, number>> = {
  '+Inf': Number.POSITIVE_INFINITY,
  Inf: Number.POSITIVE_INFINITY,
  '-Inf': Number.NEGATIVE_INFINITY,
};

/** The URL of an instant query, evaluated at the server's own time. */
export function prometheusUrl(base: string, query: string): string {
  return `${base.replace(/\/+$/, '')}/api/v1/query?query=${encodeURIComponent(query)}`;
}

/**
 * Reads the answer to an instant query, a vector of one series or a scalar.
 *
 * @see https://prometheus.io/docs/prometheus/latest/querying/api/
 */
export function readPrometheusAnswer(body: string): PrometheusAnswer {
  const parsed = answerSchema.safeParse(parseJson(body));
  if (!parsed.success) return { reason: 'the answer is none of an instant query that gives numbers' };
  const { resultType, result } = parsed.data.data;
  const samples =
    resultType === 'scalar' ? [result] : result.map((series) => (series as { value?: unknown } | null)?.value);
  const [only] = samples;
  if (samples.length === 0) return { reason: 'the query gave no value' };
  if (samples.length > 1) return { reason: `the query gave ${samples.length} series; aggregate them into one` };
  const text: unknown = Array.isArray(only) ? only[1] : undefined;
  const value = typeof text === 'string' ? (IN_WORDS[text] ?? Number(text || Number.NaN)) : Number.NaN;
  return Number.isNaN(value) ? { reason: 'the query gave no number' } : { value };
}
