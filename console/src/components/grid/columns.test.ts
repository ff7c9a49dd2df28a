import { describe, expect, it } from 'vitest';
import { nextSort, parseSort, toCsv, type Column } from './columns';

const columns: Column<{ a: string; b: string }>[] = [
  { key: 'a', header: 'Name', width: 100, text: (row) => row.a },
  { key: 'b', header: 'What, exactly', width: 100, text: (row) => row.b },
];

describe('sorting', () => {
  it('goes up, down and back to the order of the server', () => {
    expect(nextSort(undefined, 'name')).toBe('name');
    expect(nextSort(parseSort('name'), 'name')).toBe('-name');
    expect(nextSort(parseSort('-name'), 'name')).toBeUndefined();
    expect(nextSort(parseSort('-name'), 'prefix')).toBe('prefix');
  });
});

describe('CSV', () => {
  it('quotes what needs it and disarms formulas', () => {
    expect(toCsv(columns, [{ a: '=1+1', b: 'says "no"' }])).toBe('Name,"What, exactly"\r\n\'=1+1,"says ""no"""\r\n');
  });
});
