import { describe, expect, it } from '@jest/globals';
import { createLogger } from './create-logger.js';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger('info', { write: (line) => void lines.push(line) }));
  return lines.join('');
}

describe('the logger (G47)', () => {
  it('keeps what a driver quotes from rows to itself', () => {
    const failure = Object.assign(new Error('duplicate key value violates unique constraint "customer_email"'), {
      code: '23505',
      constraint: 'customer_email',
      detail: 'Key (name)=(张三丰) already exists.',
      parameters: ['张三丰', '13800138000'],
      query: "insert … '张三丰'",
    });
    const line = logged((logger) => logger.error({ err: Object.assign(new Error('failed'), { driverError: failure }) }, 'failed'));
    expect(line).not.toMatch(/张三丰|13800138000/);
    expect(JSON.parse(line)).toMatchObject({ err: { type: 'Error', cause: { code: '23505', constraint: 'customer_email', stack: expect.any(String) } } });
  });

  it('masks credentials, e-mail addresses and telephone numbers wherever they stand', () => {
    const line = logged((logger) => logger.warn({ headers: { authorization: 'Bearer abc.def.ghi' }, note: 'ask li.lei@example.com or +86 138 0013 8000', password: 'hunter2hunter2' }, 'x'));
    expect(line).not.toMatch(/abc\.def|li\.lei|0013|hunter2/);
  });

  it('writes one line for one thing, whatever it holds', () => {
    expect(logged((logger) => logger.info({ text: 'a\nb\r\n{"level":"fatal"}' }, 'x')).trimEnd().split('\n')).toHaveLength(1);
  });
});
