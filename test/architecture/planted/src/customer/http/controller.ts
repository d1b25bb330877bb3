export const controller = 'controller';
