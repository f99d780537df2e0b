// The errors of fields that a caller may not ask. They name what is required and never whether data exists.

import { GatewayError, type LocalizedText } from '../../errors.ts';
import type { Classification } from '../../manifest/data-keys.ts';
import type { Identity } from '../../request/identity/identity.ts';
import type { AnyOfAll } from './requirements.ts';

const unauthenticated = (reason: LocalizedText) => new GatewayError('UNAUTHENTICATED', { reason });
const forbidden = (reason: LocalizedText) => new GatewayError('FORBIDDEN', { reason });

export const needsSignIn = (): GatewayError =>
  unauthenticated({
    vi: 'Trường này cần đăng nhập: hãy gửi Authorization: Bearer <mã truy cập>.',
    en: 'This field requires sign-in: send Authorization: Bearer <access token>.',
  });

export const needsScopes = (lists: AnyOfAll): GatewayError =>
  forbidden({
    vi: `Trường này cần phạm vi (scope): ${written(lists, 'hoặc')}.`,
    en: `This field requires the scopes: ${written(lists, 'or')}.`,
  });

export const needsPolicies = (lists: AnyOfAll): GatewayError =>
  forbidden({
    vi: `Trường này cần quyền: ${written(lists, 'hoặc')}.`,
    en: `This field requires the policies: ${written(lists, 'or')}.`,
  });

export const needsClass = (classification: Classification): GatewayError =>
  forbidden({
    vi: `Trường này chứa dữ liệu ${CLASS_NAMES[classification].vi}, người gọi không được xem.`,
    en: `This field holds ${CLASS_NAMES[classification].en} data, which this caller may not see.`,
  });

export const needsLookUp = ({ actor }: Identity): GatewayError =>
  actor.kind === 'anonymous'
    ? needsSignIn()
    : forbidden({
        vi: 'Chỉ cán bộ xử lý hồ sơ và ứng dụng được cấp quyền mới được tra cứu ngoài hồ sơ.',
        en: 'Only officers who handle dossiers and programs with the scope personal:read may look people up outside a dossier.',
      });

const CLASS_NAMES: Readonly<Record<Classification, LocalizedText>> = {
  public: { vi: 'công khai', en: 'public' },
  internal: { vi: 'nội bộ', en: 'internal' },
  personal: { vi: 'cá nhân', en: 'personal' },
  sensitive: { vi: 'cá nhân nhạy cảm', en: 'sensitive personal' },
};

const written = (lists: AnyOfAll, or: string): string =>
  lists.map((list) => list.join(' + ')).join(` ${or} `) || '–';
