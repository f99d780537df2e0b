// The keys of `connector.yaml` for formats: how requests are encoded, answers decoded and outcomes classified.
import { z } from 'zod';
import { about, text } from '../manifest-keys.ts';
import { wsSecuritySchema } from '../upstream/ws-security/keys.ts';
import { headers, headerTreeMistakes, prefixes } from './soap-header-keys.ts';
import { csv, fixedWidth } from './table-keys.ts';

const protocol = z
  .enum(['json', 'form', 'xml', 'soap11', 'soap12', 'text', 'csv', 'fixed-width'])
  .default('json')
  .meta(
    about(
      'Format of requests and answers. `form`: requests as a form, answers as JSON. `csv`, `fixed-width`: requests as JSON, answers as tables, which become lists of objects of texts.',
      'soap11',
    ),
  );

/** Answers are keyed by local name, and elements of requests are in the namespace that the manifest gives. */
const localName = text.regex(/^[^:\s]+$/, 'a local name, without a prefix');

const lists = z
  .array(localName)
  .default([])
  .meta(about('Local names of elements that are always lists, even when they occur once.', ['CongDan']));
const roots = (where: string, whenAbsent = 'any name') =>
  z
    .array(localName)
    .optional()
    .meta(
      about(
        `Local names that ${where} may have; any other makes the answer invalid.`,
        ['CongdanCollection'],
        {
          whenAbsent,
        },
      ),
    );

const action = z
  .string()
  .meta(
    about(
      '`SOAPAction` header (SOAP 1.1), or parameter `action` of the content type (SOAP 1.2).',
      'urn:lookUp',
    ),
  );

/** Media type of SOAP requests. */
const SOAP_MEDIA_TYPES = { soap11: 'text/xml', soap12: 'application/soap+xml' } as const;

/** The default that depends on another key. */
export const soapMediaType = (protocol: string): string =>
  protocol === 'soap12' ? SOAP_MEDIA_TYPES.soap12 : SOAP_MEDIA_TYPES.soap11;

const soap = z
  .strictObject({
    namespace: text.meta(
      about('Namespace of the operation element and all elements in it.', 'http://dancuquocgia.bca'),
    ),
    action: action.default(''),
    contentType: text.optional().meta(
      about('Media type of requests.', 'application/xml', {
        whenAbsent: `\`${SOAP_MEDIA_TYPES.soap11}\`, with \`protocol: soap12\` \`${SOAP_MEDIA_TYPES.soap12}\``,
      }),
    ),
    operation: localName.optional().meta(
      about('Element that wraps the value of the body.', 'TraCuuThongTinCongDan', {
        whenAbsent: 'the keys of the value are the elements of Body',
      }),
    ),
    operations: z
      .record(
        text,
        z
          .strictObject({
            element: localName
              .optional()
              .meta(about('Element that wraps the body.', 'LookUp', { whenAbsent: '`soap.operation`' })),
            action: action.optional().meta({ whenAbsent: '`soap.action`' }),
          })
          .meta(about('Element and action of one operation.', { element: 'LookUp', action: 'urn:lookUp' })),
      )
      .default({})
      .meta(
        about(
          'By name of the operation, e.g. `Citizen` or the `id` of its `@connect`, for sources with several.',
          {
            Citizen: { element: 'LookUp', action: 'urn:lookUp' },
          },
        ),
      ),
    prefixes,
    headers,
    lists,
    responseRoots: roots('elements of Body'),
    security: wsSecuritySchema.optional().meta({ whenAbsent: 'no Security header is sent' }),
  })
  .superRefine((declared, context) => {
    for (const [path, message] of headerTreeMistakes(declared)) {
      context.addIssue({ code: 'custom', path: [...path], message });
    }
  })
  .optional()
  .meta(
    about(
      'SOAP messages. Required with `protocol: soap11` or `soap12`.',
      { namespace: 'http://dancuquocgia.bca', operation: 'TraCuuThongTinCongDan' },
      { whenAbsent: 'the source does not speak SOAP' },
    ),
  );

const xml = z
  .strictObject({
    namespace: text
      .optional()
      .meta(about('Namespace of the elements in requests.', 'urn:tax', { whenAbsent: 'none' })),
    contentType: text.default('application/xml').meta(about('Media type of requests.', 'text/xml')),
    lists,
    responseRoots: roots('the root'),
  })
  .prefault({})
  .meta(about('Plain XML documents, with `protocol: xml`.', { namespace: 'urn:tax', lists: ['Row'] }));

const json = z
  .strictObject({
    mediaTypes: z
      .array(
        z
          .string()
          .regex(/^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/i, 'a media type such as application/javascript'),
      )
      .default([])
      .meta(
        about(
          'Media types that are read as JSON besides application/json, text/json and *+json. An answer of any other type is invalid.',
          ['application/javascript'],
        ),
      ),
  })
  .prefault({})
  .meta(
    about('Answers in JSON, with `protocol: json` or `form`.', { mediaTypes: ['application/javascript'] }),
  );

const unwrap = z
  .array(
    z
      .strictObject({
        at: z
          .string()
          .meta(
            about(
              'Dotted path of the text in the answer; `$` for an answer that is itself a text. A list on the path stands for each of its items.',
              'Response.Result',
            ),
          ),
        as: z.enum(['xml', 'json']).meta(about('Format of the text.', 'json')),
        lists: lists.meta({ description: 'XML: local names of elements that are always lists.' }),
        responseRoots: roots('the root', 'any name but `html`'),
        optional: z
          .boolean()
          .default(false)
          .meta(
            about(
              'Keeps a text that cannot be read as it is. Otherwise the answer is invalid, unless `outcome` finds a failure elsewhere in it.',
              true,
            ),
          ),
      })
      .meta(about('One text to replace.', { at: 'Response.Result', as: 'json' })),
  )
  .default([])
  .meta(
    about(
      'Texts inside an answer that contain XML or JSON. They are replaced by their value, in this order, before the answer is judged and mapped.',
      [{ at: 'Response.Result', as: 'json' }],
    ),
  );

const verdict = z.enum(['success', 'notFound', 'refused', 'throttled', 'unauthorized', 'fault', 'invalid']);
const codes = (meaning: string, example: readonly Code[]) =>
  z
    .array(z.union([z.string(), z.number(), z.boolean()]))
    .meta(
      about(`Codes that mean ${meaning}. Compared as text: \`0\` equals \`"0"\`, not \`"00"\`.`, example),
    );

type Code = string | number | boolean;
type Verdict = z.output<typeof verdict>;

interface OutcomeDefaults {
  readonly success?: readonly Code[] | undefined;
  readonly otherwise?: Verdict | undefined;
  readonly missing?: Verdict | undefined;
}

/** Fills in the defaults that depend on other keys. */
function settleOutcome<T extends OutcomeDefaults>(outcome: T) {
  const { success = [] } = outcome;
  const otherwise = outcome.otherwise ?? (outcome.success === undefined ? 'success' : 'fault');
  const declaresOtherwise = outcome.otherwise !== undefined;
  return { ...outcome, success, otherwise, declaresOtherwise, missing: outcome.missing ?? otherwise };
}

const outcome = z
  .strictObject({
    at: text.meta(about('Dotted path of the code in the decoded body.', 'response.error_code')),
    success: codes('success', ['0', '00'])
      .optional()
      .meta({ whenAbsent: 'every code that no other list contains' }),
    notFound: codes('that there is no such record', ['1']).default([]),
    refused: codes('that the source refuses this request', ['3']).default([]),
    throttled: codes('that there are too many requests', ['429']).default([]),
    unauthorized: codes('that the credentials are not accepted; a token is renewed once', ['-1']).default([]),
    successText: z
      .strictObject({
        at: text.meta(about('Dotted path of the text.', 'message')),
        contains: text.meta(about('Part of the text, in any case.', 'thành công')),
      })
      .optional()
      .meta(
        about(
          'A text that a success must also contain; without it the verdict is `otherwise`, or `fault`.',
          { at: 'message', contains: 'thành công' },
          { whenAbsent: 'the code is enough' },
        ),
      ),
    otherwise: verdict.optional().meta(
      about('Verdict on a code in no list.', 'fault', {
        whenAbsent: '`fault` when `success` is given, else `success`',
      }),
    ),
    missing: verdict.optional().meta(
      about('Verdict when there is no code at that path, or null.', 'notFound', {
        whenAbsent: 'that of `otherwise`',
      }),
    ),
    statuses: z
      .record(z.coerce.number().int().min(100).max(599), verdict)
      .default({})
      .meta(about('Verdicts on HTTP statuses, before anything else.', { 404: 'notFound' })),
  })
  .transform(settleOutcome)
  .optional()
  .meta(
    about(
      'What a code in the body of an answer means, for sources that report failures with status 200.',
      { at: 'error_code', success: ['0', '00'], notFound: ['1'], unauthorized: ['2'], otherwise: 'fault' },
      { whenAbsent: 'the HTTP status decides' },
    ),
  );

export const formatKeys = { protocol, soap, xml, json, csv, fixedWidth, unwrap, outcome };
