import { describe, expect, it } from '@jest/globals';
import { identitiesOf, readContactPoints, type ContactPointInput } from './contact-point.js';
import { FieldProblems } from './field-problems.js';

const readPhone = (text: string) => (/^\+?[\d ]{8,}$/.test(text) ? `+86${text.replace(/\D/g, '').replace(/^86/, '')}` : undefined);

function read(...given: ContactPointInput[]) {
  const problems = new FieldProblems();
  return { points: readContactPoints(given, readPhone, problems), problems: problems.all.map(({ pointer, code }) => `${pointer} ${code}`) };
}

describe('contact points', () => {
  it('keep what was given beside its normal form', () => {
    const { points, problems } = read({ kind: 'phone', value: ' 138 1234 5678 ', label: ' home ' }, { kind: 'wechat', value: 'li_na' });
    expect(problems).toEqual([]);
    expect(points).toEqual([
      { kind: 'phone', value: '138 1234 5678', normalized: '+8613812345678', label: 'home', shared: false },
      { kind: 'wechat', value: 'li_na', normalized: null, label: null, shared: false },
    ]);
  });

  it('name each wrong one by its place', () => {
    const { problems } = read({ kind: 'email', value: 'li.na' }, { kind: 'phone', value: 'call me' }, { kind: 'other', value: '  ' });
    expect(problems).toEqual(['/contactPoints/0/value invalid_email', '/contactPoints/1/value invalid_phone', '/contactPoints/2/value empty']);
  });

  it('refuse one number in two spellings', () => {
    const { problems } = read({ kind: 'phone', value: '+86 138 1234 5678' }, { kind: 'phone', value: '13812345678' });
    expect(problems).toEqual(['/contactPoints/1/value given_twice']);
  });

  it('identify by phone and by e-mail whatever its case, and by nothing else', () => {
    const { points } = read(
      { kind: 'email', value: 'Li.Na@Example.com' },
      { kind: 'phone', value: '13812345678', shared: true },
      { kind: 'wechat', value: 'li_na' },
    );
    expect(identitiesOf(points)).toEqual([
      { kind: 'email', value: 'li.na@example.com', shared: false },
      { kind: 'phone', value: '+8613812345678', shared: true },
    ]);
  });
});
