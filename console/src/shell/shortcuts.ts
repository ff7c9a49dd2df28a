import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { t } from '../i18n';
import { places } from './navigation';

export interface Shortcut {
  keys: string[];
  does: string;
}

/** All that `?` shows; the list and what is done come of the same places. */
export function shortcuts(): { title: string; items: Shortcut[] }[] {
  return [
    {
      title: t('Everywhere'),
      items: [
        { keys: ['Ctrl', 'K'], does: t('Search and commands') },
        { keys: ['/'], does: t('Search and commands') },
        { keys: ['?'], does: t('This list') },
        { keys: ['Esc'], does: t('Close what is open') },
      ],
    },
    { title: t('Go to'), items: places().map((place) => ({ keys: ['g', place.key], does: place.name })) },
    {
      title: t('In a table'),
      items: [
        { keys: ['↑', '↓'], does: t('Next and previous row') },
        { keys: ['Page Up', 'Page Down'], does: t('A page further') },
        { keys: ['Home', 'End'], does: t('First and last row') },
        { keys: ['Enter'], does: t('Open the row') },
        { keys: ['Space'], does: t('Select the row') },
        { keys: ['Shift', '↓'], does: t('Select further rows') },
        { keys: ['Ctrl', 'A'], does: t('Select all loaded rows') },
      ],
    },
    {
      title: t('In a map'),
      items: [
        { keys: ['←', '→', '↑', '↓'], does: t('Next cell') },
        { keys: ['Enter'], does: t('Open the cell') },
        { keys: ['Backspace'], does: t('One level up') },
      ],
    },
  ];
}

const GO_MS = 1200;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}

export function useShortcuts(actions: { search: () => void; help: () => void }): void {
  const navigate = useNavigate();
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    let wentAt = 0;
    const pressed = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        latest.current.search();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector('[role="dialog"]')) return;
      const place = Date.now() - wentAt < GO_MS ? places().find((each) => each.key === event.key) : undefined;
      wentAt = event.key === 'g' ? Date.now() : 0;
      if (place) void navigate({ to: place.to });
      else if (event.key === '/') latest.current.search();
      else if (event.key === '?') latest.current.help();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [navigate]);
}
