import { t } from '../../i18n';
import type { CellState } from './occupancy';

export interface StateLook {
  name: string;
  /** A letter in the cell, for who does not see the colors. */
  mark: string;
  light: string;
  dark: string;
}

export const cellStates = (): Record<CellState, StateLook> => ({
  in_use: { name: t('In use'), mark: 'U', light: '#9fd89f', dark: '#2f6b2f' },
  leased: { name: t('Leased'), mark: 'L', light: '#8fd6d2', dark: '#1f6661' },
  reserved: { name: t('Reserved'), mark: 'R', light: '#b9d7f7', dark: '#1f4f83' },
  reservation: { name: t('DHCP reservation'), mark: 'D', light: '#d3c5f0', dark: '#54408a' },
  inactive: { name: t('Inactive'), mark: 'I', light: '#f9dfa9', dark: '#76561a' },
  held: { name: t('Held'), mark: 'H', light: '#f7c6a8', dark: '#83471f' },
  cooling: { name: t('Cooling down'), mark: 'C', light: '#f3c1cf', dark: '#7a3047' },
  pool: { name: t('Free in a DHCP pool'), mark: 'P', light: '#e6f4f3', dark: '#223c3a' },
  free: { name: t('Free'), mark: '', light: '#ffffff', dark: '#292929' },
  unusable: { name: t('Network or broadcast'), mark: '–', light: '#d6d6d6', dark: '#4d4d4d' },
});

/** How full in colors: nothing, little … full. Beside it there is always the number. */
const LIGHT = ['#dcebfa', '#b4d6f7', '#6fb1ef', '#2f83d6', '#115ea3', '#e2a01a', '#c4314b'];
const DARK = ['#1d3345', '#1b4468', '#175a93', '#2f83d6', '#62abf5', '#f2b035', '#f1707b'];
const LEVELS = [0.0001, 20, 40, 60, 80, 95];

export function fillColor(percent: number, isDark: boolean): string {
  const index = LEVELS.findIndex((level) => percent < level);
  return (isDark ? DARK : LIGHT)[index < 0 ? 6 : index] ?? '#888';
}

export const fillScale = (isDark: boolean): string[] => (isDark ? DARK : LIGHT);
export const blockColor = (isDark: boolean): string => (isDark ? '#4a4437' : '#e3dcc8');
export const emptyColor = (isDark: boolean): string => (isDark ? '#303030' : '#ececec');
