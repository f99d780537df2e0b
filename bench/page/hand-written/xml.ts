// Ways in which the hand-written endpoint reads XML: fast-xml-parser with its usual options, fast-xml-parser without paths, which
// are not read here, and the reader of the gateway.

import { XMLParser } from 'fast-xml-parser';
import { decodeXml } from '../../../src/upstream/codecs/xml-decode.ts';

// biome-ignore lint/suspicious/noExplicitAny: a parsed document is whatever it holds, as with JSON.parse.
export type ReadXml = (text: string) => any;

const OPTIONS = { ignoreAttributes: true, removeNSPrefix: true, parseTagValue: false };

export function createParser(): ReadXml {
  const parser = new XMLParser(OPTIONS);
  return (text) => parser.parse(text);
}

export function createParserWithoutPaths(): ReadXml {
  const parser = new XMLParser({ ...OPTIONS, jPath: false });
  return (text) => parser.parse(text);
}

export function createOwnReader(): ReadXml {
  const options = { lists: new Set<string>(), maxDepth: 64 };
  return (text) => {
    const { name, value } = decodeXml(text, options);
    return { [name]: value };
  };
}
