import { createDarkTheme, createLightTheme, type BrandVariants, type Theme } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { usePreference } from '../lib/preference';

const brand: BrandVariants = {
  10: '#061724',
  20: '#082338',
  30: '#0a2e4a',
  40: '#0c3b5e',
  50: '#0e4775',
  60: '#0f548c',
  70: '#115ea3',
  80: '#0f6cbd',
  90: '#2886de',
  100: '#479ef5',
  110: '#62abf5',
  120: '#77b7f7',
  130: '#96c6fa',
  140: '#b4d6fa',
  150: '#cfe4fa',
  160: '#ebf3fc',
};
// Segoe where it is installed, so that it looks like the other consoles there; Inter, which is served with the console, elsewhere.
const fontFamilyBase = "'Segoe UI Variable', 'Segoe UI', 'Inter Variable', system-ui, sans-serif";

const light: Theme = { ...createLightTheme(brand), fontFamilyBase };
const dark: Theme = { ...createDarkTheme(brand), fontFamilyBase };

export type ThemeChoice = 'system' | 'light' | 'dark';

function useSystemDark(): boolean {
  const [isDark, setDark] = useState(() => window.matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const media = window.matchMedia('(prefers-color-scheme: dark)');
    const changed = (): void => setDark(media.matches);
    media.addEventListener('change', changed);
    return () => media.removeEventListener('change', changed);
  }, []);
  return isDark;
}

export function useTheme(): {
  theme: Theme;
  isDark: boolean;
  choice: ThemeChoice;
  choose: (choice: ThemeChoice) => void;
} {
  const [choice, choose] = usePreference<ThemeChoice>('theme', 'system');
  const systemDark = useSystemDark();
  const isDark = choice === 'system' ? systemDark : choice === 'dark';
  useEffect(() => {
    document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  }, [isDark]);
  return { theme: isDark ? dark : light, isDark, choice, choose };
}
