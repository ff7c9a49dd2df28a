import { parseAddress } from '../../lib/ip';
import type { Query } from '../../api/client';

/** What a person types who looks for a client or a place, as parameters of the list of leases. */
export function subjectQuery(text: string): Query {
  const subject = text.trim();
  if (parseAddress(subject) !== undefined) return { address: subject };
  const [place, length] = subject.split('/');
  if (length !== undefined && /^\d{1,3}$/.test(length) && parseAddress(place ?? '') !== undefined)
    return { within: subject };
  const digits = subject.replace(/[:.-]/g, '');
  // A host name may be of hexadecimal digits too, but is not that long.
  if (/^[0-9a-f]{12,}$/i.test(digits)) return { client: subject };
  if (subject.endsWith('*')) return { hostname__startswith: subject.slice(0, -1) };
  return { hostname: subject };
}

export interface Span {
  from: number;
  until: number;
}

/** Where an instant lies in a span, in percent of it; what lies outside lies at its ends. */
export function place(span: Span, instant: number): number {
  if (span.until <= span.from) return 0;
  return Math.min(100, Math.max(0, ((instant - span.from) / (span.until - span.from)) * 100));
}
