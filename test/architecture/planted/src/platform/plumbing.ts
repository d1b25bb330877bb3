export const plumbing = 'platform';
