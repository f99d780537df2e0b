// Bytes to text and content types, for all codecs.

/** UTF-8 text without a byte order mark. */
export const decodeText = (bytes: Buffer): string => {
  const start = bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  return bytes.toString('utf8', start);
};

/** `type/subtype` in lower case without parameters; `undefined` when the header is missing or empty. */
export const mediaType = (header: string | string[] | undefined): string | undefined => {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return undefined;
  const end = text.indexOf(';');
  const type = (end < 0 ? text : text.slice(0, end)).trim().toLowerCase();
  return type === '' ? undefined : type;
};

/** For logs: a media type is the source's text, so only a plain one is repeated. */
export const shownType = (type: string): string =>
  /^[a-z]+\/[a-z0-9.+-]{1,60}$/.test(type) ? type : 'another type';
