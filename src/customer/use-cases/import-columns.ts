import { LOOKS_LIKE_ID } from '../../kernel/id.js';
import type { DescribedColumn } from '../../platform/transfer/import-definition.js';
import { knownAs } from '../../platform/transfer/known-as.js';
import type { ContactKind } from '../domain/contact-point.js';
import { customerHeaderWords } from './header-words.js';

/** The last part is the other system's short name. */
export const EXTERNAL_ID_COLUMN = 'externalIds.';

/** International, or as China writes its mobiles; digits in a row alone may be anything. */
const PHONE = /^(?:\+\d[\d ().-]{6,18}\d|1[3-9]\d{9}|1[3-9]\d[ -]\d{4}[ -]\d{4})$/;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/;

/** Kinds of contact points in the order in which a line's are added. */
export const CONTACT_COLUMNS = ['phone', 'email', 'wechat', 'other'] as const satisfies readonly ContactKind[];

export const ADDRESS_PARTS = ['label', 'recipient', 'line', 'postcode', 'city', 'province', 'country'] as const;

const SHARED = '`true` if several people are reached there, so that it tells nobody from anybody.';

const columns: readonly DescribedColumn[] = [
  { name: 'id', type: 'text', looks: LOOKS_LIKE_ID, example: '0192f0c1-2b3c-7def-8abc-1234567890ab', description: 'Our own id, as an export has it. A line with one changes whoever has it; if nobody does and nothing else on the line is known, they are created under it.' },
  { name: 'externalIds.<system>', type: 'text', example: '7305', description: 'Id of the person in another system. A line with one changes whoever has it, or creates them.' },
  { name: 'name', type: 'text', example: '李娜', description: 'Full name.' },
  { name: 'gender', type: 'text', example: 'female', description: '`female`, `male` or `other`; F and M, 女 and 男 are read too.' },
  { name: 'bornOn', type: 'date', example: '1990-06-15', description: 'Birthday.' },
  { name: 'language', type: 'text', example: 'zh-CN', description: 'Preferred language as a BCP 47 tag.' },
  { name: 'phone', type: 'text', telling: PHONE, example: '138 1234 5678', description: 'Added to the phones known. Without an external id it tells who the line is about.' },
  { name: 'phoneLabel', type: 'text', example: 'work', description: 'What the phone is for.' },
  { name: 'phoneShared', type: 'boolean', example: 'true', description: SHARED },
  { name: 'email', type: 'text', telling: EMAIL, example: 'li.na@example.com', description: 'Added to the addresses known. Without an external id it tells who the line is about.' },
  { name: 'emailLabel', type: 'text', example: 'work', description: 'What the e-mail address is for.' },
  { name: 'emailShared', type: 'boolean', example: 'true', description: SHARED },
  { name: 'wechat', type: 'text', example: 'li_na_90', description: 'Added to the contact points known.' },
  { name: 'wechatLabel', type: 'text', example: 'work', description: 'What the WeChat account is for.' },
  { name: 'wechatShared', type: 'boolean', example: 'true', description: SHARED },
  { name: 'other', type: 'text', example: 'https://weibo.com/lina', description: 'Any other way to reach them; added to the contact points known.' },
  { name: 'otherLabel', type: 'text', example: 'weibo', description: 'What the other contact point is.' },
  { name: 'otherShared', type: 'boolean', example: 'true', description: SHARED },
  { name: 'address.label', type: 'text', example: 'home', description: 'The address replaces one with the same label.' },
  { name: 'address.recipient', type: 'text', example: '李娜', description: 'Who receives post there.' },
  { name: 'address.line', type: 'text', example: '中山东一路 12 号', description: 'Street and number.' },
  { name: 'address.postcode', type: 'text', example: '200002', description: 'Post code.' },
  { name: 'address.city', type: 'text', example: '上海', description: 'City.' },
  { name: 'address.province', type: 'text', example: '上海市', description: 'Province or state.' },
  { name: 'address.country', type: 'text', example: 'CN', description: 'ISO 3166-1 alpha-2.' },
  { name: 'tags', type: 'list', example: 'vip|newsletter', description: 'Added to the tags known.' },
  { name: 'note', type: 'text', example: 'prefers to be called in the evening', description: 'Free text; takes the place of the note known.' },
  { name: 'source', type: 'text', example: 'import', description: 'Where they came from; counts when the line creates them.' },
  { name: 'createdAt', type: 'instant', example: '2021-05-04T10:00:00Z', description: 'When somebody first knew them; counts when the line creates them.' },
];

/** What a line of a file may say about a person; `read-line.ts` reads each and `export-lines.ts` writes it. */
export const customerColumns = knownAs(columns, customerHeaderWords);
