import { generateKeyPairSync, sign } from 'node:crypto';

/** A key and the certificate that it signed itself. */
export interface SelfSigned {
  readonly key: string;
  readonly cert: string;
}

/** Makes a certificate that is valid until a moment: the shortest form that RFC 5280 has, without extensions. */
export function selfSigned(notAfter: Date): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(tagged(SET, sequence(COMMON_NAME, tagged(UTF8_STRING, Buffer.from('storefront.example')))));
  const content = sequence(
    tagged(INTEGER, Buffer.of(1)),
    SIGNED_WITH,
    name,
    sequence(time(new Date(0)), time(notAfter)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = Buffer.concat([Buffer.of(0), sign('sha256', content, privateKey)]);
  const body = sequence(content, SIGNED_WITH, tagged(BIT_STRING, signature)).toString('base64');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${body.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  };
}

const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OBJECT_ID = 0x06;
const UTF8_STRING = 0x0c;
const GENERALIZED_TIME = 0x18;
const SEQUENCE = 0x30;
const SET = 0x31;

/** 2.5.4.3 */
const COMMON_NAME = tagged(OBJECT_ID, Buffer.from('550403', 'hex'));
/** ecdsa-with-SHA256, 1.2.840.10045.4.3.2 */
const SIGNED_WITH = sequence(tagged(OBJECT_ID, Buffer.from('2a8648ce3d040302', 'hex')));

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(SEQUENCE, Buffer.concat(parts));
}

function time(moment: Date): Buffer {
  return tagged(GENERALIZED_TIME, Buffer.from(`${moment.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`));
}
