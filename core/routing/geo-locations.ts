import type { GeoLocation } from './record-set.ts';

/**
 * The locations that a geolocation record set may name.
 *
 * Source: Route 53 Developer Guide, resource-record-sets-values-geo ("Location"), and API_GeoLocation. Bouvet Island
 * (BV), Christmas Island (CX), Western Sahara (EH), and Heard Island and McDonald Islands (HM) are not supported.
 */
const COUNTRIES_BY_CONTINENT: Readonly<Record<string, string>> = {
  AF:
    'AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG ' +
    'RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW',
  AN: 'AQ GS TF',
  AS:
    'AE AF AM AZ BD BH BN BT CC CN GE HK ID IL IN IO IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM PH ' +
    'PK PS QA SA SG SY TH TJ TM TW UZ VN YE',
  EU:
    'AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK ' +
    'MT NL NO PL PT RO RS RU SE SI SJ SK SM TR UA VA XK',
  NA:
    'AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX NI PA PM PR SV SX TC TT ' +
    'US VC VG VI',
  OC: 'AS AU CK FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TL TO TV UM VU WF WS',
  SA: 'AR BO BR CL CO EC FK GF GY PE PY SR UY VE',
};

const CONTINENTS: ReadonlySet<string> = new Set(Object.keys(COUNTRIES_BY_CONTINENT));
const COUNTRIES: ReadonlySet<string> = new Set(Object.values(COUNTRIES_BY_CONTINENT).join(' ').split(' '));
const US_STATES: ReadonlySet<string> = new Set(
  (
    'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK ' +
    'OR PA RI SC SD TN TX UT VT VA WA WV WI WY'
  ).split(' '),
);

/** The country code of the default location, which matches what no other record set of the group matches. */
export const DEFAULT_LOCATION = '*';

/** The continent that Route 53 counts a country to. */
export function continentOf(country: string): string | undefined {
  return Object.keys(COUNTRIES_BY_CONTINENT).find((continent) =>
    COUNTRIES_BY_CONTINENT[continent]?.split(' ').includes(country),
  );
}

/** What is wrong with a location, or nothing. */
export function geoLocationFault(location: GeoLocation): string | undefined {
  const { ContinentCode: continent, CountryCode: country, SubdivisionCode: subdivision } = location;
  if (continent !== undefined) {
    if (country !== undefined || subdivision !== undefined) return 'a continent stands alone';
    return CONTINENTS.has(continent) ? undefined : 'the continent is unknown';
  }
  if (country === undefined) return 'it names neither a continent nor a country';
  if (subdivision !== undefined) {
    if (country !== 'US') return 'only the United States have subdivisions';
    return US_STATES.has(subdivision) ? undefined : 'the state is unknown';
  }
  return country === DEFAULT_LOCATION || COUNTRIES.has(country) ? undefined : 'the country is unknown or not supported';
}

/** One text per location, for telling two of them apart. */
export function geoLocationKey(location: GeoLocation): string {
  return [location.ContinentCode ?? '', location.CountryCode ?? '', location.SubdivisionCode ?? ''].join('/');
}
