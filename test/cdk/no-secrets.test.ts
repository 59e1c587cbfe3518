import { describe, expect, it } from 'vitest';
import { CONFIGS, PRESET_CONFIGS } from '../_helpers/configs.ts';
import { secretFieldsIn, secretsIn } from '../_helpers/secrets.ts';
import { synthesized } from '../_helpers/synthesize.ts';

function variablesOf(environment: unknown): Readonly<Record<string, unknown>> {
  return (environment as { readonly Variables: Readonly<Record<string, unknown>> }).Variables;
}

describe.each([...CONFIGS, ...PRESET_CONFIGS])('the templates of %s', (_, config) => {
  const { stacks, template, resources } = synthesized(config);
  const bodies = [...stacks.keys()].map((name) => template(name).toJSON());

  it('hold nothing that looks like a secret, nor a field that says so', () => {
    for (const body of bodies) {
      expect(secretsIn(JSON.stringify(body))).toEqual([]);
      expect(secretFieldsIn(body)).toEqual([]);
      expect(JSON.stringify(body)).not.toContain('{{resolve:');
    }
  });

  it('tell functions the account and the partition, whose certificates databases show, and nothing else', () => {
    for (const stack of stacks.keys()) {
      for (const { Properties } of resources(stack, 'AWS::Lambda::Function').values()) {
        const { NODE_EXTRA_CA_CERTS: authorities, ...variables } = variablesOf(Properties['Environment']);
        expect(variables).toEqual({ SWITCHYARD_ACCOUNT: { Ref: 'AWS::AccountId' }, SWITCHYARD_PARTITION: 'aws' });
        expect([undefined, '/var/runtime/ca-cert.pem']).toContain(authorities);
      }
    }
  });

  it('ask for no parameter that a person would have to type', () => {
    for (const { Parameters = {} } of bodies) {
      for (const [name, { Type, Default }] of Object.entries(Parameters as Record<string, Record<string, string>>)) {
        expect(Type, name).toBe('AWS::SSM::Parameter::Value<String>');
        expect(Default, name).toMatch(/^\/(?:switchyard\/|cdk-bootstrap\/)/);
      }
    }
  });
});
