import { afterEach, describe, expect, it } from 'vitest';
import { plural, t, use } from '.';

afterEach(() => use({ code: 'en', texts: {} }));

describe('texts', () => {
  it('are English unless a language has its own', () => {
    expect(t('Add server')).toBe('Add server');
    use({ code: 'de', texts: { 'Add server': 'Server hinzufügen', '{count} addresses': '{count} Adressen' } });
    expect(t('Add server')).toBe('Server hinzufügen');
    expect(t('Delete')).toBe('Delete');
    expect(plural(12345, '{count} address', '{count} addresses')).toBe('12.345 Adressen');
  });
  it('take parameters, and keep what is none', () => {
    expect(t('{used} of {capacity} {unknown}', { used: 1234, capacity: 'all' })).toBe('1,234 of all {unknown}');
    expect(plural(1, '{count} address', '{count} addresses')).toBe('1 address');
    expect(plural(0n, '{count} address', '{count} addresses')).toBe('0 addresses');
  });
});
