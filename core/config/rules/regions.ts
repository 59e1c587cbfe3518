import type { Problem } from '../../errors.ts';
import { type CrossFieldRule, rule } from '../cross-field-rule.ts';
import { PRESET_TRAITS } from '../preset.ts';
import { WITHOUT_AURORA_GLOBAL } from '../region-facts.ts';

const WELL_ARCHITECTED =
  'https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html';

/** Rules on the application Regions, the vantage Regions and what runs in them. */
export const regionRules: readonly CrossFieldRule[] = [
  rule({
    source: 'a Region is one failure domain',
    needs: ['regions'],
    check: ({ regions }) =>
      repeated(regions.map(({ id }) => id)).map(({ value, index }) => ({
        path: `regions[${index}].id`,
        message: 'is listed twice',
        value,
        remedy: 'list each Region once; primary and standby must differ',
      })),
  }),
  rule({
    source: 'docs/adr/0003-presets.md',
    needs: ['regions', 'preset'],
    check: ({ regions, preset }) => rolesFor(preset, regions),
  }),
  rule({
    source: `a vantage must be independent of what it judges, ${WELL_ARCHITECTED}`,
    needs: ['regions', 'vantages'],
    check: ({ regions, vantages }) => [
      ...repeated(vantages).map(({ value, index }) => ({
        path: `vantages[${index}]`,
        message: 'is listed twice',
        value,
        remedy: 'list each vantage Region once',
      })),
      ...vantages.flatMap((vantage, index) =>
        regions.some(({ id }) => id === vantage)
          ? [
              {
                path: `vantages[${index}]`,
                message: 'is an application Region, which observes anyway',
                value: vantage,
                remedy: 'name a Region in which the application does not run',
              },
            ]
          : [],
      ),
    ],
  }),
  rule({
    source:
      'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.Aurora_Fea_Regions_DB-eng.Feature.GlobalDatabase.html',
    needs: ['regions', 'data'],
    check: ({ regions, data }) =>
      data.adapter !== 'aurora-global'
        ? []
        : regions.flatMap(({ id }, index) =>
            WITHOUT_AURORA_GLOBAL.has(id)
              ? [
                  {
                    path: `regions[${index}].id`,
                    message: 'has no Aurora Global Database',
                    value: id,
                    remedy: 'choose another Region, or another data adapter',
                  },
                ]
              : [],
          ),
  }),
];

function rolesFor(
  preset: keyof typeof PRESET_TRAITS,
  regions: readonly { readonly id: string; readonly role: string }[],
): readonly Problem[] {
  const wanted = PRESET_TRAITS[preset].roles === 'all-active' ? ['active'] : ['primary', 'standby'];
  const strays = regions.flatMap(({ role }, index) =>
    wanted.includes(role)
      ? []
      : [
          {
            path: `regions[${index}].role`,
            message: `does not fit the preset "${preset}"`,
            value: role,
            allowed: wanted.join(', '),
            remedy: 'change the role or the preset',
          },
        ],
  );
  const primaries = regions.filter(({ role }) => role === 'primary').length;
  if (!wanted.includes('primary') || primaries === 1) return strays;
  return [
    ...strays,
    {
      path: 'regions',
      message: `must hold exactly one primary Region for the preset "${preset}"`,
      value: primaries,
      allowed: '1',
      remedy: 'give one Region the role "primary" and the others "standby"',
    },
  ];
}

function repeated(values: readonly string[]): readonly { readonly value: string; readonly index: number }[] {
  return values.map((value, index) => ({ value, index })).filter(({ value, index }) => values.indexOf(value) < index);
}
