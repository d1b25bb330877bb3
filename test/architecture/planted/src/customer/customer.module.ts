export const wiring = 'wiring';
