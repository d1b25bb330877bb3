import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { headerKey, headerWords, likeness } from './header-words.js';

describe('the words of a header', () => {
  it.each([
    ['order_purchase_timestamp', ['order', 'purchase', 'timestamp']],
    ['收货地址 ', ['收货地址']],
    ['订单ＩＤ', ['订单', 'id']],
    ['billingAddress1', ['billing', 'address', '1']],
    ['Country / Region', ['country', 'region']],
    ['Endereço (CEP)', ['endereco', 'cep']],
    ['金额（元）', ['金额', '元']],
    ['  #  ', []],
  ])('of %j are %j', (header, words) => {
    expect(headerWords(header)).toEqual(words);
  });

  it('are the same however they are set apart', () => {
    expect(new Set(['order_id', 'Order ID', 'orderId', 'ORDER-ID', 'orderid', 'ｏｒｄｅｒ　ｉｄ'].map(headerKey))).toEqual(new Set(['orderid']));
  });
});

describe('likeness', () => {
  it('counts words, of Chinese pairs of characters, and sees past an s', () => {
    expect(likeness(['customer', 'zip', 'code', 'prefix'], ['customer', 'zip', 'code'])).toBeCloseTo(6 / 7);
    expect(likeness(['收货地址详情'], ['收货地址'])).toBeCloseTo(0.75);
    expect(likeness(['comments'], ['comment'])).toBe(1);
    expect(likeness(['订单付款时间'], ['订单创建时间'])).toBeLessThan(0.5);
    expect(likeness([], ['a'])).toBe(0);
  });

  it('sees that the length of a name is no name, and the id of a customer no customer', () => {
    expect(likeness(['product', 'name', 'lenght'], ['product', 'name'])).toBe(0);
    expect(likeness(['customer'], ['customer', 'id'])).toBe(0);
    expect(likeness(['订单创建时间'], ['创建时间'])).toBe(0);
    expect(likeness(['shop', 'order', 'id'], ['order', 'id'])).toBeCloseTo(0.8);
  });

  it('is the same both ways, 1 for itself and never above', () => {
    const words = fc.array(fc.constantFrom('order', 'id', '订单', '订单号', 'date', 'dates'), { minLength: 1, maxLength: 4 });
    fc.assert(fc.property(words, words, (one, other) => {
      expect(likeness(one, one)).toBe(1);
      expect(likeness(one, other)).toBeCloseTo(likeness(other, one));
      expect(likeness(one, other)).toBeLessThanOrEqual(1);
    }));
  });
});
