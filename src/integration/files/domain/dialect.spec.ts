import { describe, expect, it } from '@jest/globals';
import { guessDelimiter } from './dialect.js';

describe('guessing the separator', () => {
  it.each([
    ['a comma', 'date,temperature,place\n2011-01-01,1,Galway\n', ','],
    ['a semicolon beside decimal commas', 'date;temperature;place\n2011-01-01;1,5;Galway\n2011-01-02;2,5;Galway\n', ';'],
    ['a tab beside commas in the text', 'name\tnote\nAda\tone, two, three\nEve\tfour\n', '\t'],
    ['a pipe', 'Year|New|Other\r\n1986|44000|35000\r\n', '|'],
    ['a comma in spite of semicolons inside quotes', 'a,b\n"x;y;z;w",2\n"p;q",3\n', ','],
    ['a comma for a single column', 'foo\nfoo\nfoo\n', ','],
    ['a comma for nothing', '', ','],
  ])('takes %s', (_, head, delimiter) => {
    expect(guessDelimiter(head)).toBe(delimiter);
  });

  it('counts CR alone as a line end', () => {
    expect(guessDelimiter('a;b;c\r1;2,5;3\r4;5,5;6\r')).toBe(';');
  });
});
