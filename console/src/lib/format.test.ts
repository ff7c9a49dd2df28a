import { describe, expect, it } from 'vitest';
import {
  formatAgo,
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  formatShortCount,
  parseDuration,
} from './format';

describe('counts', () => {
  it('are whole as long as one can read them, then powers of two', () => {
    expect(formatCount(9645641)).toBe('9,645,641');
    expect(formatCount('18446744073709551616')).toBe('2⁶⁴');
    expect(formatCount('18446744073709551615')).toBe('≈ 2⁶³');
    expect(formatCount(null)).toBe('—');
  });
  it('are short in a tile', () => {
    expect(formatShortCount(16_777_216)).toBe('16.8 million');
    expect(formatShortCount(254)).toBe('254');
  });
});

describe('percentages', () => {
  it('never say full or empty of what is not', () => {
    expect(formatPercent(99.7)).toBe('99%');
    expect(formatPercent(100)).toBe('100%');
    expect(formatPercent(0.04)).toBe('< 0.1%');
    expect(formatPercent(0)).toBe('0%');
  });
});

describe('durations', () => {
  it.each([
    ['6h', 21600],
    ['1d 12 h', 129600],
    ['90 min', 5400],
  ])('%s is read', (text, seconds) => expect(parseDuration(text)).toBe(seconds));
  it.each(['', 'soon', '6', '6 parsec', '0h'])('%s is refused', (text) => expect(parseDuration(text)).toBeUndefined());
  it('are written by their two largest parts', () => {
    expect(formatDuration(21600)).toBe('6 h');
    expect(formatDuration(90061)).toBe('1 d 1 h');
  });
});

describe('times', () => {
  it('are told by how long ago they were', () => {
    const now = Date.parse('2026-11-28T12:00:00Z');
    expect(formatAgo('2026-11-28T09:00:00Z', now)).toBe('3 hours ago');
    expect(formatAgo('2026-11-28T11:59:50Z', now)).toBe('just now');
    expect(formatAgo(null)).toBe('never');
  });
  it('and sizes by their unit', () => expect(formatBytes(1_234_567)).toBe('1.2 MB'));
});
