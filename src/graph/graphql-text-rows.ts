// The messages of graphql-js about documents and values, with their public texts in both languages. Names of the schema and of
// the document are kept; values are not, since they may be personal data and of any length.

/** `en`, where it is absent, is the message itself. `$1` and so on stand for the groups of the pattern. */
export interface TextRow {
  readonly pattern: RegExp;
  readonly vi: string;
  readonly en?: string;
}

const row = (pattern: RegExp, vi: string, en?: string): TextRow =>
  en === undefined ? { pattern, vi } : { pattern, vi, en };

const NOT_CONDITIONAL = 'phải đặt trên kiểu đối tượng, interface hoặc union';

/** The lexer and the parser: the part after "Syntax Error: ". */
export const SYNTAX_ROWS: readonly TextRow[] = [
  row(/^Expected (.+), found (.+)\.$/s, 'cần $1, gặp $2.'),
  row(/^Unexpected single quote character .*$/s, 'gặp dấu nháy đơn (\'); chuỗi viết trong dấu nháy kép (").'),
  row(/^Unexpected character: (.+)\.$/s, 'gặp ký tự không hợp lệ: $1.'),
  row(/^Unexpected variable "(.+)" in constant value\.$/, 'không được dùng biến "$1" trong giá trị hằng.'),
  row(/^Unexpected description.*$/, 'không được có phần mô tả ở đây.'),
  row(/^Unexpected (.+)\.$/s, 'gặp $1 không đúng chỗ.'),
  row(/^Unterminated string\.$/, 'chuỗi chưa được đóng.'),
  row(/^Invalid number, .*: (.+)\.$/s, 'số viết không đúng, gặp $1.'),
  row(/^Invalid character within String: (.+)\.$/s, 'trong chuỗi có ký tự không hợp lệ: $1.'),
  row(
    /^Invalid Unicode escape sequence: .*$/s,
    'mã thoát Unicode trong chuỗi không hợp lệ.',
    'Invalid Unicode escape sequence.',
  ),
  row(
    /^Invalid character escape sequence: .*$/s,
    'mã thoát trong chuỗi không hợp lệ.',
    'Invalid character escape sequence.',
  ),
  row(
    /^Document contains more tha[nt] (\d+) tokens\. Parsing aborted\.$/,
    'câu truy vấn có hơn $1 token.',
    'The document contains more than $1 tokens.',
  ),
  row(
    /^Document contains more than (\d+) comments\. Parsing aborted\.$/,
    'câu truy vấn có hơn $1 chú thích.',
    'The document contains more than $1 comments.',
  ),
];

/** Validation rules, input values, variables and arguments, in the order of graphql-js. */
export const INPUT_ROWS: readonly TextRow[] = [
  // Documents
  row(/^The (.+) definition is not executable\.$/, 'Định nghĩa $1 không thực thi được.'),
  row(/^There can be only one operation named "([^"]+)"\.$/, 'Có nhiều thao tác cùng tên "$1".'),
  row(
    /^This anonymous operation must be the only defined operation\.$/,
    'Thao tác không tên phải là thao tác duy nhất.',
  ),
  row(/^Unknown type "([^"]+)"\.$/, 'Không có kiểu "$1".'),
  row(
    /^Fragment cannot condition on non composite type "([^"]+)"\.$/,
    `Fragment ${NOT_CONDITIONAL}, không phải "$1".`,
  ),
  row(
    /^Fragment "([^"]+)" cannot condition on non composite type "([^"]+)"\.$/,
    `Fragment "$1" ${NOT_CONDITIONAL}, không phải "$2".`,
  ),
  row(
    /^Variable "([^"]+)" cannot be non-input type "([^"]+)"\.$/,
    'Biến "$1" không thể có kiểu "$2": không phải kiểu đầu vào.',
  ),
  row(
    /^Field "([^"]+)" must not have a selection since type "([^"]+)" has no subfields\.$/,
    'Trường "$1" có kiểu "$2", không có trường con để chọn.',
  ),
  row(
    /^Field "([^"]+)" of type "([^"]+)" must have a selection of subfields\.$/,
    'Trường "$1" có kiểu "$2": phải chọn trường con.',
  ),
  row(
    /^Field "([^"]+)" of type "([^"]+)" must have at least one field selected\.$/,
    'Trường "$1" có kiểu "$2": phải chọn ít nhất một trường con.',
  ),
  row(/^Cannot query field "([^"]+)" on type "([^"]+)"\.$/, 'Kiểu "$2" không có trường "$1".'),
  row(/^There can be only one fragment named "([^"]+)"\.$/, 'Có nhiều fragment cùng tên "$1".'),
  row(/^Unknown fragment "([^"]+)"\.$/, 'Không có fragment "$1".'),
  row(/^Fragment "([^"]+)" is never used\.$/, 'Fragment "$1" không được dùng.'),
  row(
    /^Fragment cannot be spread here as objects of type "([^"]+)" can never be of type "([^"]+)"\.$/,
    'Không thể đặt fragment ở đây: đối tượng kiểu "$1" không bao giờ có kiểu "$2".',
  ),
  row(
    /^Fragment "([^"]+)" cannot be spread here as objects of type "([^"]+)" can never be of type "([^"]+)"\.$/,
    'Không thể đặt fragment "$1" ở đây: đối tượng kiểu "$2" không bao giờ có kiểu "$3".',
  ),
  row(/^Cannot spread fragment "([^"]+)" within itself via (.+)\.$/, 'Fragment "$1" chứa chính nó, qua $2.'),
  row(/^Cannot spread fragment "([^"]+)" within itself\.$/, 'Fragment "$1" chứa chính nó.'),
  row(/^There can be only one variable named "([^"]+)"\.$/, 'Có nhiều biến cùng tên "$1".'),
  row(
    /^Variable "([^"]+)" is not defined by operation "([^"]+)"\.$/,
    'Thao tác "$2" không khai báo biến "$1".',
  ),
  row(/^Variable "([^"]+)" is not defined\.$/, 'Biến "$1" chưa được khai báo.'),
  row(/^Variable "([^"]+)" is never used in operation "([^"]+)"\.$/, 'Thao tác "$2" không dùng biến "$1".'),
  row(/^Variable "([^"]+)" is never used\.$/, 'Biến "$1" không được dùng.'),
  row(/^Unknown directive "([^"]+)"\.$/, 'Không có directive "$1".'),
  row(/^Directive "([^"]+)" may not be used on (.+)\.$/, 'Không được đặt directive "$1" ở $2.'),
  row(
    /^The directive "([^"]+)" can only be used once at this location\.$/,
    'Directive "$1" chỉ được đặt một lần ở chỗ này.',
  ),
  row(/^Unknown argument "([^"]+)" on field "([^"]+)"\.$/, 'Trường "$2" không có đối số "$1".'),
  row(/^Unknown argument "([^"]+)" on directive "([^"]+)"\.$/, 'Directive "$2" không có đối số "$1".'),
  row(/^There can be only one argument named "([^"]+)"\.$/, 'Có nhiều đối số cùng tên "$1".'),
  row(/^There can be only one input field named "([^"]+)"\.$/, 'Có nhiều trường đầu vào cùng tên "$1".'),
  row(
    /^(?:Field|Directive) "([^"]+)" argument "([^"]+)" of type "([^"]+)" is required, but it was not provided\.$/,
    '"$1" cần đối số "$2" kiểu "$3".',
  ),
  row(
    /^Variable "([^"]+)" of type "([^"]+)" used in position expecting type "([^"]+)"\.$/,
    'Biến "$1" có kiểu "$2", ở đây cần kiểu "$3".',
  ),
  row(
    /^Variable "([^"]+)" is of type "([^"]+)" but must be non-nullable to be used for OneOf Input Object "([^"]+)"\.$/,
    'Biến "$1" có kiểu "$2", phải khác null để dùng cho "$3".',
  ),
  row(/^Maximum introspection depth exceeded$/, 'Truy vấn lược đồ lồng nhau quá sâu.'),
  row(
    /^Too many validation errors, error limit reached\. Validation aborted\.$/,
    'Còn lỗi khác, không liệt kê thêm.',
  ),

  // Values, in the document or in variables
  row(
    /^Field "([^"]+)" of required type "([^"]+)" was not provided\.$/,
    'Thiếu trường đầu vào "$1", kiểu "$2".',
  ),
  row(/^Field "([^"]+)" is not defined by type "([^"]+)"\.$/, 'Kiểu "$2" không có trường đầu vào "$1".'),
  row(/^Field "([^"]+)" must be non-null\.$/, 'Trường đầu vào "$1" phải khác null.'),
  row(/^OneOf Input Object "([^"]+)" must specify exactly one key\.$/, '"$1" cần đúng một trường.'),
  row(/^Exactly one key must be specified for OneOf type "([^"]+)"\.$/, '"$1" cần đúng một trường.'),
  row(/^Expected type "([^"]+)" to be an object\.$/, 'Cần một đối tượng kiểu "$1".'),
  row(/^Expected non-nullable type "([^"]+)" not to be null\.$/, 'Kiểu "$1" phải khác null.'),
  row(/^Expected value of type "([^"]+)", found null\.$/, 'Cần giá trị kiểu "$1", gặp null.'),
  row(
    /^Expected value of type "([^"]+)", found .*$/s,
    'Cần giá trị kiểu "$1".',
    'Expected value of type "$1".',
  ),
  row(/^Expected type "([^"]+)"\..*$/s, 'Cần giá trị kiểu "$1".', 'Expected type "$1".'),
  row(
    /^Int cannot represent non-integer value: .*$/s,
    'Int chỉ nhận số nguyên.',
    'Int cannot represent a non-integer value.',
  ),
  row(
    /^Int cannot represent non 32-bit signed integer value: .*$/s,
    'Int chỉ nhận số nguyên 32 bit có dấu.',
    'Int cannot represent a value outside 32-bit signed integers.',
  ),
  row(
    /^Float cannot represent non numeric value: .*$/s,
    'Float chỉ nhận số.',
    'Float cannot represent a non-numeric value.',
  ),
  // Of this gateway: `exact-literals.ts`.
  row(/^Float cannot represent this integer exactly\.$/, 'Float không chứa chính xác số nguyên này.'),
  row(
    /^String cannot represent a non string value: .*$/s,
    'String chỉ nhận chuỗi.',
    'String cannot represent a non-string value.',
  ),
  row(
    /^Boolean cannot represent a non boolean value: .*$/s,
    'Boolean chỉ nhận true hoặc false.',
    'Boolean cannot represent a non-boolean value.',
  ),
  row(
    /^ID cannot represent (?:a non-string and non-integer )?value: .*$/s,
    'ID chỉ nhận chuỗi hoặc số nguyên.',
    'ID cannot represent a value that is neither a string nor an integer.',
  ),
  row(
    /^Value ".*" does not exist in "(\w+)" enum\.$/s,
    'Giá trị không có trong enum "$1".',
    'The value does not exist in enum "$1".',
  ),
  row(
    /^Enum "(\w+)" cannot represent non-(?:string|enum) value: .*$/s,
    'Enum "$1" cần tên của một giá trị.',
    'Enum "$1" cannot represent a value that is not the name of an enum value.',
  ),

  // Variables and arguments of one request
  row(/^Variable "([^"]+)" of required type "([^"]+)" was not provided\.$/, 'Thiếu biến "$1", kiểu "$2".'),
  row(
    /^Variable "([^"]+)" of non-null type "([^"]+)" must not be null\.$/,
    'Biến "$1" có kiểu "$2", phải khác null.',
  ),
  row(
    /^Too many errors processing variables, error limit reached\. Execution aborted\.$/,
    'Quá nhiều lỗi ở các biến, không liệt kê thêm.',
    'Too many errors in variables.',
  ),
  row(
    /^Argument "([^"]+)" of required type "([^"]+)" was provided the variable "([^"]+)" which was not provided a runtime value\.$/,
    'Đối số "$1" kiểu "$2" lấy giá trị từ biến "$3", nhưng biến này không có giá trị.',
  ),
  row(/^Argument "([^"]+)" of required type "([^"]+)" was not provided\.$/, 'Thiếu đối số "$1", kiểu "$2".'),
  row(
    /^Argument "([^"]+)" of non-null type "([^"]+)" must not be null\.$/,
    'Đối số "$1" có kiểu "$2", phải khác null.',
  ),
  row(
    /^Argument "([^"]+)" has invalid value .*$/s,
    'Đối số "$1" có giá trị không hợp lệ.',
    'Argument "$1" has an invalid value.',
  ),
];
