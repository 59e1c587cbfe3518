/** Values of a type as an application may write them. */
export interface ValuesOfType {
  readonly type: string;
  /** Spellings of the same value: no digest tells them apart. */
  readonly same?: readonly (readonly [string, string])[];
  /** Values that are all different, however much alike; `null` is none. */
  readonly different: readonly (string | null)[];
}

/** Statements that make the types of a user's own that the values need. */
export const OWN_TYPES = `CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
  CREATE DOMAIN amount AS numeric(12,2) CHECK (VALUE >= 0);
  CREATE TYPE place AS (street text, number int);`;

/** Every kind of type that is compared, with what is easily taken for the same or for different. */
export const VALUES: readonly ValuesOfType[] = [
  { type: 'text', different: [null, '', ' ', 'a', 'A', 'a ', 'é', 'e\u0301', 'NULL', '\\', '"', "'", '日本', 'a\nb'] },
  { type: 'varchar(5)', different: [null, '', 'ab', 'ab '] },
  { type: 'char(5)', same: [['ab', 'ab   ']], different: [null, '', 'ab', ' ab'] },
  {
    type: 'numeric',
    same: [
      ['1.0', '1.00'],
      ['0', '-0.000'],
      ['100', '1e2'],
    ],
    different: [null, '0', '1', '-1', '0.1', '10', '1.00000000000000000001', 'NaN', 'Infinity', '-Infinity'],
  },
  { type: 'numeric(12,2)', same: [['1', '1.00']], different: [null, '1.00', '1.01', '-1'] },
  { type: 'amount', same: [['1', '1.00']], different: [null, '1.00', '1.01'] },
  { type: 'int', different: [null, '0', '1', '-1', '2147483647'] },
  // The hash of PostgreSQL's own hash indexes takes the first two, and the last two, for the same.
  { type: 'bigint', different: [null, '1', '4294967296', '0', '-1', '-4294967296', '9223372036854775807', '2'] },
  {
    type: 'double precision',
    same: [['0', '-0']],
    different: [null, '0', '0.3', '0.30000000000000004', 'NaN', 'Infinity', '-Infinity', '1e-300'],
  },
  { type: 'real', same: [['0', '-0']], different: [null, '0', '1e-30', 'NaN', '16777216', '16777217.5'] },
  { type: 'boolean', same: [['t', 'true']], different: [null, 't', 'f'] },
  {
    type: 'timestamptz',
    same: [['2026-03-01 10:00:00+00', '2026-03-01 19:00:00+09']],
    different: [
      null,
      '2026-03-01 10:00:00+00',
      '2026-03-01 10:00:00.000001+00',
      'infinity',
      '-infinity',
      '0044-03-15 12:00:00+00 BC',
    ],
  },
  { type: 'timestamp', different: [null, '2026-03-01 10:00:00', '2026-03-01 10:00:00.000001', 'infinity'] },
  { type: 'date', different: [null, '2026-03-01', '2026-03-02', 'infinity'] },
  { type: 'time', different: [null, '10:00', '24:00', '00:00'] },
  { type: 'timetz', different: [null, '10:00+02', '08:00+00'] },
  { type: 'interval', same: [['60 minutes', '1 hour']], different: [null, '1 month', '30 days', '720 hours', '0'] },
  {
    type: 'json',
    same: [['{"a":1,"b":[]}', '{ "b": [], "a": 1 }']],
    different: [null, 'null', '{}', '{"a":1}', '{"a":"1"}'],
  },
  {
    type: 'jsonb',
    same: [['{"a":1,"b":[]}', '{ "b": [], "a": 1 }']],
    different: [null, 'null', '{}', '{"a":1}', '{"a":"1"}'],
  },
  { type: 'bytea', same: [['\\x61', 'a']], different: [null, '', '\\x00', '\\x0000', '\\xff'] },
  {
    type: 'uuid',
    same: [['A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']],
    different: [null, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12'],
  },
  { type: 'inet', different: [null, '10.0.0.1', '10.0.0.1/8', '::1'] },
  { type: 'varbit', different: [null, '', '1', '01', '101'] },
  { type: 'int4range', same: [['[1,3]', '[1,4)']], different: [null, 'empty', '[1,4)', '(,4)', '[1,)'] },
  { type: 'mood', different: [null, 'sad', 'ok', 'happy'] },
  { type: 'place', different: [null, '(,)', '(a,)', '("",)', '(a,1)'] },
  { type: 'money', same: [['1', '1.00']], different: [null, '1.00', '-1.00', '1000000.01'] },
  { type: 'int[]', different: [null, '{}', '{NULL}', '{1,2,3,4}', '{{1,2},{3,4}}', '[0:1]={1,2}', '{1,2}'] },
  { type: 'text[]', different: [null, '{}', '{NULL}', '{"NULL"}', '{""}', '{a,b}', '{"a,b"}'] },
  {
    type: 'numeric[]',
    same: [['{1.0,2}', '{1,2.00}']],
    different: [null, '{}', '{NULL}', '{1,2}', '{{1,2}}', '{-1,2}', '{2,1}'],
  },
  { type: 'mood[]', different: [null, '{}', '{ok}', '{ok,sad}'] },
  { type: 'json[]', same: [[`{"{\\"a\\":1}"}`, `{"{ \\"a\\" : 1 }"}`]], different: [null, '{}', `{"{\\"a\\":1}"}`] },
];
