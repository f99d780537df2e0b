// What each kind of source answers when it is well, and what the gateway makes of it. Beside the data that the mapping
// selects stands a note that it does not: the source's own words, its address and the ids it was asked for.

/** What a source speaks: one person by id as JSON or SOAP, several at once, or the list that nothing ever goes wrong with. */
export type Speech = 'rest' | 'soap' | 'batch' | 'well';

export interface RightAnswer {
  readonly type: string;
  readonly body: string;
}

/** Synthetic personal ids: none of them may ever be read in a log, and none in an answer that does not ask for it. */
export const PERSON = '001099000017';
export const MEMBERS: readonly Member[] = [
  { id: '001088000021', name: 'Trần Văn Bình', home: 'Huế' },
  { id: '001077000032', name: 'Lê Thu Cúc', home: 'Cần Thơ' },
  { id: '001066000043', name: 'Phạm Minh Đăng', home: 'Đà Lạt' },
];

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly home: string;
}

export const RIGHT_PERSON = { name: 'Nguyễn Thị Ngọc Ánh', home: 'Hà Nội' };
export const RIGHT_MEMBERS = MEMBERS.map(({ name, home }) => ({ name, home }));

const JSON_TYPE = 'application/json';
const XML_TYPE = 'text/xml';

export const json = (value: unknown): RightAnswer => ({ type: JSON_TYPE, body: JSON.stringify(value) });

export const envelope = (inside: string): RightAnswer => ({
  type: XML_TYPE,
  body: `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${inside}</s:Body></s:Envelope>`,
});

export const personXml = (inside: string): RightAnswer =>
  envelope(`<PersonResponse xmlns="urn:people">${inside}</PersonResponse>`);

/** By what the source speaks: the answer, with `mark` in its note. */
export const TALK: Readonly<Record<Speech, (mark: string, body: string) => RightAnswer>> = {
  rest: (mark) => json({ note: mark, person: RIGHT_PERSON }),
  soap: (mark) =>
    personXml(
      `<Note>${mark}</Note><Person><Name>${RIGHT_PERSON.name}</Name><Home>${RIGHT_PERSON.home}</Home></Person>`,
    ),
  batch: (mark) => json({ note: mark, people: MEMBERS }),
  well: (mark) => json({ note: mark, text: 'all is well', members: MEMBERS.map(({ id }) => ({ id })) }),
};
