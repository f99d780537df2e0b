// The procedures of the synthetic city: 20 fields with ten procedures each. Names and codes are plausible and not a copy of the
// national catalogue.
import type { CityProcedure } from './contract.ts';
import type { Random } from './random.ts';

interface Field {
  readonly code: string;
  readonly name: string;
  /** Which agencies handle the field: an index into DEPARTMENTS of agencies.ts, or the communes. */
  readonly where: number | 'COMMUNE';
  readonly actions: readonly [string, string];
  readonly subjects: readonly [string, string, string, string, string];
}

const field = (
  code: string,
  name: string,
  where: number | 'COMMUNE',
  actions: readonly [string, string],
  ...subjects: readonly [string, string, string, string, string]
): Field => ({ code, name, where, actions, subjects });

const GRANT = ['Cấp', 'Cấp lại'] as const;
const REGISTER = ['Đăng ký', 'Đăng ký lại'] as const;

export const FIELDS: readonly Field[] = [
  field(
    'G15-TP01',
    'Hộ tịch',
    'COMMUNE',
    REGISTER,
    'khai sinh',
    'kết hôn',
    'khai tử',
    'giám hộ',
    'nhận cha, mẹ, con',
  ),
  field(
    'G15-TP02',
    'Chứng thực',
    'COMMUNE',
    ['Chứng thực', 'Chứng thực việc sửa đổi'],
    'bản sao từ bản chính',
    'chữ ký',
    'hợp đồng liên quan đến tài sản',
    'di chúc',
    'văn bản từ chối nhận di sản',
  ),
  field(
    'G10-BT01',
    'Bảo trợ xã hội',
    'COMMUNE',
    ['Hưởng', 'Điều chỉnh'],
    'trợ cấp xã hội hằng tháng',
    'trợ cấp hưu trí xã hội',
    'hỗ trợ chi phí mai táng',
    'hỗ trợ kinh phí chăm sóc',
    'trợ giúp xã hội khẩn cấp',
  ),
  field(
    'G10-NC01',
    'Người có công',
    'COMMUNE',
    ['Hưởng', 'Giải quyết lại'],
    'chế độ ưu đãi đối với thân nhân liệt sĩ',
    'trợ cấp một lần',
    'chế độ mai táng phí',
    'chế độ điều dưỡng phục hồi sức khỏe',
    'trợ cấp thờ cúng liệt sĩ',
  ),
  field(
    'G01-DD01',
    'Đất đai cấp xã',
    'COMMUNE',
    ['Đăng ký', 'Đính chính'],
    'đất đai lần đầu',
    'biến động quyền sử dụng đất',
    'chuyển mục đích sử dụng đất',
    'tách thửa, hợp thửa đất',
    'gia hạn sử dụng đất',
  ),
  field(
    'G03-GD10',
    'Giáo dục mầm non và phổ thông',
    7,
    ['Cho phép', 'Điều chỉnh'],
    'trường trung học hoạt động giáo dục',
    'chuyển trường đối với học sinh',
    'thành lập trường mầm non tư thục',
    'trung tâm ngoại ngữ, tin học hoạt động',
    'tổ chức dạy thêm ngoài nhà trường',
  ),
  field(
    'G15-LL01',
    'Lý lịch tư pháp',
    1,
    GRANT,
    'phiếu lý lịch tư pháp số 1',
    'phiếu lý lịch tư pháp số 2',
    'phiếu lý lịch tư pháp cho người nước ngoài',
    'phiếu lý lịch tư pháp cho cơ quan nhà nước',
    'giấy xác nhận thông tin lý lịch tư pháp',
  ),
  field(
    'G05-DK01',
    'Thành lập và hoạt động doanh nghiệp',
    2,
    ['Đăng ký', 'Thông báo thay đổi'],
    'thành lập công ty TNHH',
    'thành lập công ty cổ phần',
    'hoạt động chi nhánh',
    'địa điểm kinh doanh',
    'người đại diện theo pháp luật',
  ),
  field(
    'G05-HT01',
    'Hợp tác xã và hộ kinh doanh',
    'COMMUNE',
    ['Đăng ký', 'Thay đổi đăng ký'],
    'hộ kinh doanh',
    'hợp tác xã',
    'liên hiệp hợp tác xã',
    'chi nhánh hợp tác xã',
    'tạm ngừng kinh doanh của hộ kinh doanh',
  ),
  field(
    'G17-XD01',
    'Hoạt động xây dựng',
    3,
    ['Cấp', 'Điều chỉnh'],
    'giấy phép xây dựng nhà ở riêng lẻ',
    'giấy phép xây dựng công trình',
    'giấy phép di dời công trình',
    'chứng chỉ hành nghề hoạt động xây dựng',
    'chứng chỉ năng lực hoạt động xây dựng',
  ),
  field(
    'G09-GT01',
    'Đường bộ',
    3,
    ['Cấp', 'Đổi'],
    'giấy phép lái xe',
    'giấy phép kinh doanh vận tải bằng xe ô tô',
    'phù hiệu xe ô tô',
    'giấy phép thi công trên đường bộ',
    'giấy phép lái xe quốc tế',
  ),
  field(
    'G01-MT01',
    'Môi trường',
    4,
    ['Cấp', 'Điều chỉnh'],
    'giấy phép môi trường',
    'giấy phép khai thác nước dưới đất',
    'giấy phép xả nước thải',
    'giấy xác nhận đăng ký môi trường',
    'giấy phép trao đổi nguồn gen',
  ),
  field(
    'G02-NN01',
    'Chăn nuôi và thú y',
    4,
    GRANT,
    'chứng chỉ hành nghề thú y',
    'giấy chứng nhận vùng an toàn dịch bệnh',
    'giấy phép buôn bán thuốc thú y',
    'giấy chứng nhận kiểm dịch động vật',
    'giấy chứng nhận cơ sở chăn nuôi',
  ),
  field(
    'G06-CT01',
    'Lưu thông hàng hóa trong nước',
    5,
    GRANT,
    'giấy phép bán buôn rượu',
    'giấy phép bán lẻ thuốc lá',
    'giấy chứng nhận đủ điều kiện bán lẻ xăng dầu',
    'giấy chứng nhận đủ điều kiện bán lẻ LPG',
    'giấy phép lập cơ sở bán lẻ',
  ),
  field(
    'G18-YT01',
    'Khám bệnh, chữa bệnh',
    6,
    GRANT,
    'giấy phép hành nghề khám bệnh',
    'giấy phép hoạt động phòng khám',
    'giấy chứng nhận cơ sở đủ điều kiện tiêm chủng',
    'giấy phép hoạt động nhà hộ sinh',
    'giấy phép hoạt động cơ sở dịch vụ y tế',
  ),
  field(
    'G18-TP01',
    'An toàn thực phẩm',
    6,
    GRANT,
    'giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm',
    'giấy xác nhận nội dung quảng cáo thực phẩm',
    'giấy tiếp nhận bản công bố sản phẩm',
    'giấy xác nhận kiến thức an toàn thực phẩm',
    'giấy chứng nhận lưu hành tự do',
  ),
  field(
    'G10-LD01',
    'Việc làm và lao động',
    8,
    GRANT,
    'giấy phép lao động cho người nước ngoài',
    'giấy phép hoạt động dịch vụ việc làm',
    'giấy phép cho thuê lại lao động',
    'giấy xác nhận không thuộc diện cấp giấy phép lao động',
    'giấy chứng nhận huấn luyện an toàn lao động',
  ),
  field(
    'G16-VH01',
    'Văn hóa và quảng cáo',
    9,
    GRANT,
    'giấy phép kinh doanh dịch vụ karaoke',
    'giấy phép tổ chức biểu diễn nghệ thuật',
    'văn bản tiếp nhận thông báo quảng cáo',
    'giấy phép tổ chức lễ hội',
    'giấy phép tổ chức triển lãm',
  ),
  field(
    'G16-DL01',
    'Du lịch và lữ hành',
    10,
    GRANT,
    'thẻ hướng dẫn viên du lịch quốc tế',
    'thẻ hướng dẫn viên du lịch nội địa',
    'giấy phép kinh doanh lữ hành nội địa',
    'quyết định xếp hạng cơ sở lưu trú',
    'biển hiệu phương tiện vận tải khách du lịch',
  ),
  field(
    'G12-QH01',
    'Quy hoạch, kiến trúc',
    12,
    ['Cung cấp', 'Thẩm định lại'],
    'thông tin quy hoạch xây dựng',
    'chứng chỉ quy hoạch',
    'nhiệm vụ quy hoạch chi tiết',
    'giấy phép quy hoạch',
    'chứng chỉ hành nghề kiến trúc',
  ),
];

export const PROCEDURES_PER_FIELD = 10;

const LIMITS = [
  [1, 3],
  [2, 3],
  [3, 5],
  [5, 6],
  [7, 4],
  [10, 5],
  [15, 4],
  [20, 2],
  [30, 1],
] as const;
/** In VND. Two procedures in five are free of charge. */
const FEES = [0, 0, 0, 0, 8_000, 15_000, 30_000, 50_000, 135_000, 200_000, 500_000] as const;

/** 200 procedures; procedure `n`, counted from 0, belongs to `FIELDS[n / 10]`. */
export function buildProcedures(random: Random): CityProcedure[] {
  const procedures: CityProcedure[] = [];
  let number = 4_100;
  for (const { code, name, actions, subjects } of FIELDS) {
    for (const subject of subjects) {
      for (const action of actions) {
        number += 1 + random.int(37);
        procedures.push({
          id: procedures.length + 1,
          code: `${random.weighted([
            [1, 7],
            [2, 2],
            [3, 1],
          ] as const)}.${String(number).padStart(6, '0')}`,
          name: `${action} ${subject}`.normalize('NFC'),
          fieldCode: code,
          fieldName: name.normalize('NFC'),
          level: random.weighted([
            ['INFORMATION', 1],
            ['PARTIAL', 4],
            ['FULL', 5],
          ] as const),
          limitWorkingDays: random.weighted(LIMITS),
          fee: random.pick(FEES),
        });
      }
    }
  }
  return procedures;
}
