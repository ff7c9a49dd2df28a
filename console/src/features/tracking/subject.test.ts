import { describe, expect, it } from 'vitest';
import { place, subjectQuery } from './subject';

describe('what is looked for', () => {
  it('is told by its form', () => {
    expect(subjectQuery(' 10.0.0.7 ')).toEqual({ address: '10.0.0.7' });
    expect(subjectQuery('2001:db8::7')).toEqual({ address: '2001:db8::7' });
    expect(subjectQuery('10.0.0.0/24')).toEqual({ within: '10.0.0.0/24' });
    expect(subjectQuery('02-00-5e-10-00-01')).toEqual({ client: '02-00-5e-10-00-01' });
    expect(subjectQuery('02005e100001')).toEqual({ client: '02005e100001' });
    expect(subjectQuery('laptop*')).toEqual({ hostname__startswith: 'laptop' });
    expect(subjectQuery('cafe')).toEqual({ hostname: 'cafe' });
  });
});

describe('an instant in a span', () => {
  it('is a part of it, and stays inside', () => {
    const span = { from: 100, until: 200 };
    expect(place(span, 150)).toBe(50);
    expect(place(span, 0)).toBe(0);
    expect(place(span, 900)).toBe(100);
    expect(place({ from: 5, until: 5 }, 5)).toBe(0);
  });
});
