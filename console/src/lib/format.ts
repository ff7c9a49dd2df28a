import { formatNumber, languageCode, plural, t } from '../i18n';

type Count = number | string | null | undefined;

/** Counts above 2^53 come as text. */
export function toBigInt(count: Count): bigint {
  return count === null || count === undefined ? 0n : BigInt(count);
}

const POWERS = ['', 'thousand', 'million', 'billion', 'trillion'];

/** A count a person can read: whole up to a million million, beyond that a power of two. */
export function formatCount(count: Count): string {
  if (count === null || count === undefined) return '—';
  const value = BigInt(count);
  if (value < 1_000_000_000_000n) return formatNumber(value);
  const exponent = value.toString(2).length - 1;
  const exact = value === 1n << BigInt(exponent);
  return `${exact ? '' : '≈ '}2${superscript(exponent)}`;
}

/** For a tile: "9.6 million". */
export function formatShortCount(count: Count): string {
  const value = toBigInt(count);
  if (value < 10_000_000n || value >= 1_000_000_000_000_000n) return formatCount(count);
  let power = 0;
  let scaled = Number(value);
  while (scaled >= 1000) {
    scaled /= 1000;
    ++power;
  }
  return `${formatNumber(Math.round(scaled * 10) / 10)} ${t(POWERS[power] ?? '')}`;
}

function superscript(value: number): string {
  return String(value).replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] ?? digit);
}

export function formatPercent(percent: number): string {
  if (percent > 0 && percent < 0.1) return '< 0.1%';
  const digits = percent >= 10 || Number.isInteger(percent) ? 0 : 1;
  // What is not full must not look full.
  const shown = percent > 99 && percent < 100 ? 99 : percent;
  return `${shown.toFixed(digits)}%`;
}

export function formatTime(time: string | null | undefined): string {
  if (!time) return '—';
  return new Intl.DateTimeFormat(languageCode(), {
    year: 'numeric',
    month: 'short',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(time));
}

/** With seconds and the zone: for a tooltip. */
export function formatExactTime(time: string): string {
  return new Intl.DateTimeFormat(languageCode(), { dateStyle: 'full', timeStyle: 'long', hourCycle: 'h23' }).format(
    new Date(time),
  );
}

export function formatDate(time: string | null | undefined): string {
  if (!time) return '—';
  return new Intl.DateTimeFormat(languageCode(), { dateStyle: 'medium' }).format(new Date(time));
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** "3 hours ago", "in 2 days". */
export function formatAgo(time: string | null | undefined, now: number = Date.now()): string {
  if (!time) return t('never');
  const seconds = (new Date(time).getTime() - now) / 1000;
  const format = new Intl.RelativeTimeFormat(languageCode(), { numeric: 'auto' });
  for (const [unit, size] of STEPS)
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  return t('just now');
}

/** "6 h", "1 d 12 h": the two largest parts. */
export function formatDuration(seconds: number): string {
  if (seconds <= 0) return '0 s';
  const parts: string[] = [];
  let rest = Math.round(seconds);
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 && parts.length < 2) parts.push(`${count} ${unit}`);
  }
  return parts.join(' ');
}

/** Seconds of "6h", "1d 12 h", "90 min"; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const units: Record<string, number> = { s: 1, min: 60, m: 60, h: 3_600, d: 86_400 };
  let seconds = 0;
  const rest = text.trim().replace(/(\d+)\s*(min|[smhd])\s*/gi, (_, count: string, unit: string) => {
    seconds += Number(count) * (units[unit.toLowerCase()] ?? 0);
    return '';
  });
  return rest === '' && seconds > 0 ? seconds : undefined;
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let power = 0;
  let value = bytes;
  while (value >= 1000 && power < units.length - 1) {
    value /= 1000;
    ++power;
  }
  return `${formatNumber(Math.round(value * 10) / 10)} ${units[power]}`;
}

/** "ipam_asm_administrators" as people say it. */
export function groupName(group: string): string {
  const names: Record<string, string> = {
    ipam_users: t('IPAM Users'),
    ipam_msm_administrators: t('IPAM MSM Administrators'),
    ipam_asm_administrators: t('IPAM ASM Administrators'),
    ipam_ip_audit_administrators: t('IPAM IP Audit Administrators'),
    ipam_administrators: t('IPAM Administrators'),
  };
  return names[group] ?? group;
}

const ACRONYMS: Record<string, string> = {
  dns: 'DNS',
  dhcp: 'DHCP',
  ip: 'IP',
  id: 'id',
  ttl: 'TTL',
  url: 'URL',
  mac: 'MAC',
  vlans: 'VLANs',
  tls: 'TLS',
  api: 'API',
  tsig: 'TSIG',
  ssh: 'SSH',
  duid: 'DUID',
};

/** "dhcp_scope" as "DHCP scope". */
export const words = (name: string): string =>
  name
    .split('_')
    .map((word) => ACRONYMS[word] ?? word)
    .join(' ');
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function addressCount(count: Count): string {
  const value = toBigInt(count);
  if (value < 1_000_000_000_000n) return plural(value, '{count} address', '{count} addresses');
  return t('{text} addresses', { text: formatCount(count) });
}
