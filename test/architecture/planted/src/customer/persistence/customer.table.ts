export const table = 'customer';
