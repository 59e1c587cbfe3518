import type { HttpAnswer, HttpClient, WebhookClient } from '../../core/ports.ts';

/** Bytes of a body that are read unless told otherwise; a health document is far smaller. */
const LONGEST_BODY = 64 * 1024;

type Limits = Parameters<HttpClient['get']>[1];

/** HTTP by the platform's `fetch`. Redirects are answers, not journeys: a probe looks at what the endpoint itself says. */
export function createFetchHttpClient(): HttpClient & WebhookClient {
  const ask = async (
    url: string,
    { timeoutMs, longestBodyBytes }: Limits,
    request: RequestInit,
  ): Promise<HttpAnswer> => {
    try {
      const response = await fetch(url, { ...request, signal: AbortSignal.timeout(timeoutMs), redirect: 'manual' });
      return { answered: true, status: response.status, body: await readBody(response, longestBodyBytes) };
    } catch (error) {
      return { answered: false, reason: describe(error, timeoutMs) };
    }
  };
  return {
    get: (url, options) => ask(url, options, {}),
    post: (url, document, { timeoutMs }) => {
      const headers = { 'content-type': 'application/json' };
      return ask(url, { timeoutMs }, { method: 'POST', headers, body: JSON.stringify(document) });
    },
  };
}

/** As much of a body as is read; the rest is not waited for. */
async function readBody({ body }: Response, longest = LONGEST_BODY): Promise<string> {
  if (body === null) return '';
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the stream.
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= longest) break;
  }
  return Buffer.concat(chunks).subarray(0, longest).toString('utf8');
}

function describe(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  return error.cause instanceof Error ? error.cause.message : error.message;
}
