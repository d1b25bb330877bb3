import { definePersonalData, type TableOfPersonalData } from '../../platform/vault/personal-data.js';

/** Staff accounts are disabled, not erased, by this release; destroying the user's key makes every sealed column here unreadable. */
export const securityPersonalData: readonly TableOfPersonalData[] = [
  definePersonalData('security.role', {
    notPersonal: { name: 'name of a role', title: 'title of a role', permissions: 'names of permissions' },
  }),
  definePersonalData('security.staff_user', {
    personal: {
      sealed: { how: 'sealed', erasedBy: 'vault key' },
      email_index: { how: 'blind_index', erasedBy: 'the use case that erases staff, once there is one' },
    },
    notPersonal: { password_hash: 'salted, peppered hash', status: 'one of a fixed list' },
  }),
  definePersonalData('security.user_role', { notPersonal: { role: 'name of a role' } }),
  definePersonalData('security.session', {
    personal: { sealed: { how: 'sealed', erasedBy: 'vault key' } },
    notPersonal: { ended_by: 'one of a fixed list' },
  }),
  definePersonalData('security.refresh_token', { notPersonal: { hash: 'hash of random bytes' } }),
  definePersonalData('security.api_key', {
    notPersonal: { name: 'what the key is for', hash: 'hash of random bytes', scopes: 'names of permissions' },
  }),
  definePersonalData('security.password_guess', {
    personal: { key: { how: 'blind_index', erasedBy: 'ForgetOldSignIns, a day after the last guess' } },
  }),
];
