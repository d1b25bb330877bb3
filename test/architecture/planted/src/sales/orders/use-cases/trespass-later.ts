export const later = () => import('../../../customer/domain/customer.js');
