import { describe, expect, it } from 'vitest';
import {
  contains,
  formatAddress,
  formatPrefix,
  gaps,
  hilbertPlace,
  isUsable,
  parseAddress,
  parsePrefix,
  prefixesOf,
  runOf,
} from './ip';

const prefix = (text: string) => parsePrefix(text)!;

describe('addresses', () => {
  it.each(['0.0.0.0', '10.20.0.255', '255.255.255.255', '::', '::1', '2001:db8::', '2001:db8:0:1::5', 'fe80::1:0:0:1'])(
    '%s reads and writes alike',
    (text) => {
      expect(formatAddress(parseAddress(text)!, text.includes(':') ? 6 : 4)).toBe(text);
    },
  );
  it.each(['', '10.0.0', '10.0.0.256', '1:2', '::1::', '10.0.0.1/24', 'g::'])('%s is none', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });
  it('shortens the longest run of zeros only', () => {
    expect(formatAddress(parseAddress('2001:0:0:1:0:0:0:1')!, 6)).toBe('2001:0:0:1::1');
  });
});

describe('prefixes', () => {
  it('contain what lies in them', () => {
    expect(contains(prefix('10.0.0.0/8'), prefix('10.20.3.0/24'))).toBe(true);
    expect(contains(prefix('10.20.3.0/24'), prefix('10.0.0.0/8'))).toBe(false);
    expect(contains(prefix('10.0.0.0/8'), prefix('11.0.0.0/24'))).toBe(false);
    expect(contains(prefix('0.0.0.0/0'), prefix('2001:db8::/32'))).toBe(false);
  });
  it('cover a run with as few as can be', () => {
    const run = { first: parseAddress('10.0.0.4')!, last: parseAddress('10.0.0.18')! };
    expect(prefixesOf(run, 4).map(formatPrefix)).toEqual([
      '10.0.0.4/30',
      '10.0.0.8/29',
      '10.0.0.16/31',
      '10.0.0.18/32',
    ]);
    expect(prefixesOf(runOf(prefix('0.0.0.0/0')), 4).map(formatPrefix)).toEqual(['0.0.0.0/0']);
  });
  it('keep network and broadcast address to themselves', () => {
    const subnet = prefix('10.0.0.0/30');
    expect([0n, 1n, 2n, 3n].map((n) => isUsable(subnet.first + n, subnet))).toEqual([false, true, true, false]);
    expect(isUsable(0n, prefix('0.0.0.0/31'))).toBe(true);
  });
});

describe('gaps', () => {
  it('are what nothing covers, whatever the order and overlap', () => {
    const taken = [
      { first: 8n, last: 9n },
      { first: 2n, last: 4n },
      { first: 3n, last: 5n },
    ];
    expect(gaps({ first: 0n, last: 10n }, taken)).toEqual([
      { first: 0n, last: 1n },
      { first: 6n, last: 7n },
      { first: 10n, last: 10n },
    ]);
  });
  it('are none where all is taken, and everything where nothing is', () => {
    expect(gaps({ first: 0n, last: 3n }, [{ first: 0n, last: 3n }])).toEqual([]);
    expect(gaps({ first: 0n, last: 3n }, [])).toEqual([{ first: 0n, last: 3n }]);
  });
});

describe('the Hilbert curve', () => {
  it('visits each cell once, and neighbours one after the other', () => {
    const places = Array.from({ length: 256 }, (_, index) => hilbertPlace(4, index));
    expect(new Set(places.map(({ x, y }) => `${x},${y}`)).size).toBe(256);
    for (let i = 1; i < 256; ++i) {
      expect(Math.abs(places[i]!.x - places[i - 1]!.x) + Math.abs(places[i]!.y - places[i - 1]!.y)).toBe(1);
    }
  });
});
