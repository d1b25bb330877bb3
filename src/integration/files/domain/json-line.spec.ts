import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJsonLine, pathsOf, textAt } from './json-line.js';

describe('a line of NDJSON', () => {
  it('keeps numbers as the file has them', () => {
    const line = parseJsonLine('{"id":820982911946154508,"total":128.10,"rate":1e400,"note":"12.50 \\"off\\" 7","neg":-0.5}')!;
    expect(['id', 'total', 'rate', 'note', 'neg'].map((path) => textAt(line, path))).toEqual([
      '820982911946154508', '128.10', '1e400', '12.50 "off" 7', '-0.5',
    ]);
  });

  it.each(['', 'plain', '[1]', '"text"', '7', 'null', '{"a":1', '{"a":1}{"b":2}', '{a:1}'])('refuses %j', (line) => {
    expect(parseJsonLine(line)).toBeUndefined();
  });

  it('finds values by path, also in lists, and never by what every object inherits', () => {
    const line = parseJsonLine('{"a":{"b":[{"c":"x"}]},"tags":["p","q"],"none":null,"yes":true,"deep":{"k":{}}}')!;
    expect(textAt(line, 'a.b.0.c')).toBe('x');
    expect(textAt(line, 'tags')).toBe('p|q');
    expect(textAt(line, 'yes')).toBe('true');
    expect(textAt(line, 'deep')).toEqual({ k: {} });
    for (const path of ['none', 'a.b.1.c', 'a.x', 'constructor', '__proto__', 'toString.name', 'tags.length', '']) {
      expect(textAt(line, path)).toBeUndefined();
    }
  });

  it('lists the paths that can be mapped', () => {
    expect(pathsOf(parseJsonLine('{"id":1,"customer":{"email":"x","address":null},"lines":[{"sku":"a"},{"sku":"b"}],"tags":["p"]}')!)).toEqual([
      'id', 'customer.email', 'customer.address', 'lines.0.sku', 'lines.1.sku', 'tags',
    ]);
  });

  it('survives any JSON, however deep', () => {
    const deep = `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    expect(textAt(parseJsonLine(deep)!, 'a')).toBeInstanceOf(Array);
    fc.assert(fc.property(fc.object(), (value) => {
      const line = parseJsonLine(JSON.stringify(value))!;
      for (const path of pathsOf(line)) textAt(line, path);
    }));
  });
});
