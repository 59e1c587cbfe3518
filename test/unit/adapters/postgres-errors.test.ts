import { describe, expect, it } from 'vitest';
import { createPgSession } from '../../../adapters/postgres/pg-session.ts';
import { refusesChange, translated } from '../../../adapters/postgres/translate-error.ts';
import { ReconcileError } from '../../../core/reconcile/errors.ts';

function failure(message: string, more: object): Error {
  return Object.assign(new Error(message), more);
}

async function translation(error: unknown): Promise<unknown> {
  return translated('orders in eu-west-1', () => Promise.reject(error)).catch((thrown: unknown) => thrown);
}

describe('an error of PostgreSQL', () => {
  it.each([
    { what: 'a lost connection', error: failure('Connection terminated unexpectedly', {}) },
    { what: 'a refused connection', error: failure('connect ECONNREFUSED', { code: 'ECONNREFUSED' }) },
    { what: 'a name that is not found', error: failure('getaddrinfo', { code: 'ENOTFOUND' }) },
    { what: 'a deadlock', error: failure('deadlock detected', { code: '40P01' }) },
    { what: 'too many connections', error: failure('sorry, too many clients already', { code: '53300' }) },
    { what: 'a lock that is not given', error: failure('canceling statement due to lock timeout', { code: '55P03' }) },
    { what: 'a timeout', error: failure('canceling statement due to statement timeout', { code: '57014' }) },
    { what: 'a restart', error: failure('terminating connection', { code: '57P01' }) },
    { what: 'a failing disk', error: failure('could not read block', { code: '58030' }) },
  ])('may pass where it is $what', async ({ error }) => {
    const thrown = await translation(error);
    expect(thrown).toMatchObject({ name: 'TransientStoreError', retryable: true, cause: error });
    expect((thrown as Error).message).toContain(`orders in eu-west-1: ${error.message}`);
  });

  it.each([
    {
      what: 'a wrong password',
      error: failure('password authentication failed', { code: '28P01' }),
      remedy: 'check user and password',
    },
    { what: 'a missing right', error: failure('permission denied', { code: '42501' }), remedy: 'give the role' },
    {
      what: 'a server that takes no writes',
      error: failure('read-only transaction', { code: '25006' }),
      remedy: 'give the address of the one that does',
    },
    {
      what: 'a missing table',
      error: failure('relation does not exist', { code: '42P01' }),
      remedy: 'put right what the server names',
    },
    {
      what: 'a certificate that nobody vouches for',
      error: failure('self-signed certificate', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
      remedy: 'NODE_EXTRA_CA_CERTS',
    },
  ])('asks for a person where it is $what', async ({ error, remedy }) => {
    const thrown = await translation(error);
    expect(thrown).toMatchObject({ name: 'StoreRefusedError', retryable: false, source: 'operator' });
    expect((thrown as Error).message).toContain(remedy);
  });

  it('carries nothing of what rows say, neither in its message nor in its cause', async () => {
    const detail = 'Key (email)=(ada@example.com) already exists.';
    for (const error of [
      failure('invalid input syntax for type json', {
        code: '22P02',
        detail,
        where: 'JSON data, line 1: ada@example.com',
      }),
      failure('no mail to ada@example.com', { code: 'P0001', where: 'PL/pgSQL function look() line 1 at RAISE' }),
      failure('deadlock detected', { code: '40P01', detail }),
    ]) {
      const thrown = (await translation(error)) as Error;
      const shown = [thrown, thrown.cause].map((one) => JSON.stringify(one, Object.getOwnPropertyNames(one))).join();
      expect(shown).toContain((error as Error & { code: string }).code);
      expect(shown).not.toContain('ada@example.com');
    }
  });

  it('is passed on where it is ours already, or a defect', async () => {
    for (const error of [new ReconcileError('PlanRefusedError', 'x'), new TypeError('y')]) {
      expect(await translation(error)).toBe(error);
    }
  });

  it.each([
    { code: '23505', refuses: true },
    { code: '23503', refuses: true },
    { code: '22001', refuses: true },
    { code: 'P0001', refuses: true },
    { code: '54000', refuses: true },
    { code: '42501', refuses: false },
    { code: '40001', refuses: false },
    { code: '57014', refuses: false },
    { code: 'ECONNRESET', refuses: false },
  ])('of the code $code is about the change alone: $refuses', ({ code, refuses }) => {
    expect(refusesChange(failure('x', { code }))).toBe(refuses);
  });
});

describe('a connection that is no URL', () => {
  it('is refused without being shown', async () => {
    const session = createPgSession({ url: 'postgres://shop:pass/w#rd@host:1:2/db' });
    const thrown = await session.query('SELECT 1').catch((error: unknown) => error);
    expect(thrown).toMatchObject({ name: 'StoreRefusedError' });
    expect(JSON.stringify(thrown, Object.getOwnPropertyNames(thrown))).not.toContain('w#rd');
  });
});
