// A second implementation of WS-Security, written from the texts of OASIS and W3C for the tests: a small XML reader, exclusive C14N
// (W3C REC 2002-07-18), and XML signatures by node:crypto. It shares no code with the gateway and not its library.
import { createHash, sign, verify, X509Certificate } from 'node:crypto';

const OASIS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';
export const NS = {
  soap: 'http://schemas.xmlsoap.org/soap/envelope/',
  soap12: 'http://www.w3.org/2003/05/soap-envelope',
  wsse: `${OASIS}-wssecurity-secext-1.0.xsd`,
  wsu: `${OASIS}-wssecurity-utility-1.0.xsd`,
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  excC14n: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  rsaSha256: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  x509: `${OASIS}-x509-token-profile-1.0#X509v3`,
};

export interface Tree {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** In-scope namespaces by prefix. */
  readonly scope: ReadonlyMap<string, string>;
  readonly children: (Tree | string)[];
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const plain = (text: string): string =>
  text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (_, name: string) =>
    name.startsWith('#x')
      ? String.fromCodePoint(Number.parseInt(name.slice(2), 16))
      : name.startsWith('#')
        ? String.fromCodePoint(Number(name.slice(1)))
        : (ENTITIES[name] ?? ''),
  );

export function parse(xml: string): Tree {
  const root: Tree = { name: '', attributes: new Map(), scope: new Map(), children: [] };
  const stack = [root];
  for (const [token, tag] of xml.replace(/<\?.*?\?>/gs, '').matchAll(/<(\/?[^>]+)>|[^<]+/g)) {
    const top = stack.at(-1) as Tree;
    if (tag === undefined) top.children.push(plain(token));
    else if (tag.startsWith('/')) stack.pop();
    else {
      const [name = ''] = /^[^\s/]+/.exec(tag) ?? [];
      const attributes = new Map<string, string>();
      for (const [, key = '', double, single] of tag
        .slice(name.length)
        .matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
        attributes.set(key, plain(double ?? single ?? ''));
      }
      const scope = new Map(top.scope);
      for (const [key, value] of attributes) {
        if (key === 'xmlns') scope.set('', value);
        else if (key.startsWith('xmlns:')) scope.set(key.slice(6), value);
      }
      const element: Tree = { name, attributes, scope, children: [] };
      top.children.push(element);
      if (!tag.endsWith('/')) stack.push(element);
    }
  }
  return root.children.find((one) => typeof one === 'object') as Tree;
}

const prefixOf = (name: string): string => (name.includes(':') ? name.slice(0, name.indexOf(':')) : '');
const localOf = (name: string): string => name.slice(name.indexOf(':') + 1);
const uriOf = ({ name, scope }: Tree): string => scope.get(prefixOf(name)) ?? '';

/** Exclusive C14N without comments. */
export function canonical(node: Tree, rendered: ReadonlyMap<string, string> = new Map()): string {
  const own = [...node.attributes].filter(([key]) => key !== 'xmlns' && !key.startsWith('xmlns:'));
  const used = new Set([
    prefixOf(node.name),
    ...own.map(([key]) => prefixOf(key)).filter((prefix) => prefix !== ''),
  ]);
  const now = new Map(rendered);
  const declared: string[] = [];
  for (const prefix of [...used].sort()) {
    const uri = node.scope.get(prefix) ?? '';
    if ((now.get(prefix) ?? '') === uri) continue;
    now.set(prefix, uri);
    declared.push(` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${inAttribute(uri)}"`);
  }
  const key = (name: string): string =>
    `${prefixOf(name) === '' ? '' : node.scope.get(prefixOf(name))}\u0000${localOf(name)}`;
  const attributes = own
    .toSorted(([a], [b]) => (key(a) < key(b) ? -1 : 1))
    .map(([name, value]) => ` ${name}="${inAttribute(value)}"`);
  const content = node.children.map((one) => (typeof one === 'string' ? inText(one) : canonical(one, now)));
  return `<${node.name}${declared.join('')}${attributes.join('')}>${content.join('')}</${node.name}>`;
}

const inText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#xD;');
const inAttribute = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#x9;')
    .replaceAll('\n', '&#xA;')
    .replaceAll('\r', '&#xD;');

export const all = (node: Tree): Tree[] => [
  node,
  ...node.children.flatMap((one) => (typeof one === 'object' ? all(one) : [])),
];
export const find = (node: Tree, uri: string, local: string): Tree[] =>
  all(node).filter((one) => localOf(one.name) === local && uriOf(one) === uri);
export const textOf = (node: Tree | undefined): string =>
  (node?.children ?? []).map((one) => (typeof one === 'string' ? one : textOf(one))).join('');

const idOf = (node: Tree): string | undefined =>
  [...node.attributes].find(
    ([key]) => localOf(key) === 'Id' && node.scope.get(prefixOf(key)) === NS.wsu,
  )?.[1];

const digest = (node: Tree): string => createHash('sha256').update(canonical(node), 'utf8').digest('base64');

/** The local names of the elements that a valid signature covers. @throws Error for anything that does not fit */
export function signedElements(xml: string): string[] {
  const root = parse(xml);
  const [signature] = find(root, NS.ds, 'Signature');
  if (signature === undefined) throw new Error('no Signature');
  const [info] = find(signature, NS.ds, 'SignedInfo');
  const [token] = find(root, NS.wsse, 'BinarySecurityToken');
  const [reference] = find(signature, NS.wsse, 'Reference');
  if (info === undefined || token === undefined) throw new Error('no SignedInfo or no token');
  if (reference?.attributes.get('URI') !== `#${idOf(token)}`) throw new Error('KeyInfo names another token');
  const certificate = new X509Certificate(Buffer.from(textOf(token), 'base64'));
  const value = Buffer.from(textOf(find(signature, NS.ds, 'SignatureValue')[0]), 'base64');
  if (!verify('sha256', Buffer.from(canonical(info), 'utf8'), certificate.publicKey, value)) {
    throw new Error('SignatureValue does not fit SignedInfo');
  }
  return find(info, NS.ds, 'Reference').map((one) => {
    const targets = all(root).filter((node) => `#${idOf(node)}` === one.attributes.get('URI'));
    const [target] = targets;
    if (targets.length !== 1 || target === undefined) throw new Error('a reference without its one element');
    if (digest(target) !== textOf(find(one, NS.ds, 'DigestValue')[0]))
      throw new Error(`digest of ${target.name}`);
    return localOf(target.name);
  });
}

export interface Answer {
  readonly key: string;
  /** PEM. */
  readonly certificate: string;
  readonly created: string;
  readonly expires?: string;
  readonly body: string;
  /** Elements that the signature covers. */
  readonly over?: readonly ('Body' | 'Timestamp')[];
}

/** A signed answer, in the style of a Java server: other prefixes, `Id`s of its own, the signature before the Timestamp. */
export function signedAnswer({
  key,
  certificate,
  created,
  expires,
  body,
  over = ['Timestamp', 'Body'],
}: Answer): string {
  const token = new X509Certificate(certificate).raw.toString('base64');
  const place = '<!--signature-->';
  const xml =
    `<S:Envelope xmlns:S="${NS.soap}" xmlns:u="${NS.wsu}"><S:Header><o:Security xmlns:o="${NS.wsse}" S:mustUnderstand="1">` +
    `<o:BinarySecurityToken ValueType="${NS.x509}" u:Id="token">${token}</o:BinarySecurityToken>${place}` +
    `<u:Timestamp u:Id="time"><u:Created>${created}</u:Created>${expires === undefined ? '' : `<u:Expires>${expires}</u:Expires>`}</u:Timestamp>` +
    `</o:Security></S:Header><S:Body u:Id="body">${body}</S:Body></S:Envelope>`;
  const root = parse(xml.replace(place, ''));
  const target = { Body: find(root, NS.soap, 'Body')[0], Timestamp: find(root, NS.wsu, 'Timestamp')[0] };
  const references = over.map(
    (name) =>
      `<Reference URI="#${idOf(target[name] as Tree)}"><Transforms><Transform Algorithm="${NS.excC14n}"></Transform></Transforms>` +
      `<DigestMethod Algorithm="${NS.sha256}"></DigestMethod><DigestValue>${digest(target[name] as Tree)}</DigestValue></Reference>`,
  );
  const info =
    `<SignedInfo xmlns="${NS.ds}"><CanonicalizationMethod Algorithm="${NS.excC14n}"></CanonicalizationMethod>` +
    `<SignatureMethod Algorithm="${NS.rsaSha256}"></SignatureMethod>${references.join('')}</SignedInfo>`;
  const value = sign('sha256', Buffer.from(canonical(parse(info)), 'utf8'), key).toString('base64');
  const keyInfo = `<KeyInfo><o:SecurityTokenReference><o:Reference URI="#token" ValueType="${NS.x509}"/></o:SecurityTokenReference></KeyInfo>`;
  return xml.replace(
    place,
    `<Signature xmlns="${NS.ds}">${info}<SignatureValue>${value}</SignatureValue>${keyInfo}</Signature>`,
  );
}
