import { Dialog, DialogSurface, Spinner } from '@fluentui/react-components';
import { ArrowEnterLeftRegular, SearchRegular } from '@fluentui/react-icons';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useGet } from '../api/queries';
import { t } from '../i18n';
import { capital, words } from '../lib/format';
import { entriesOf, type Entry } from './palette_entries';
import { useMe } from './session';
import type { ThemeChoice } from './theme';
import './palette.css';

interface Props {
  isOpen: boolean;
  close: () => void;
  chooseTheme: (choice: ThemeChoice) => void;
}

export function CommandPalette({ isOpen, close, chooseTheme }: Props) {
  return (
    <Dialog open={isOpen} onOpenChange={(_, data) => !data.open && close()}>
      <DialogSurface className="palette" aria-label={t('Search and commands')}>
        {isOpen && <PaletteBody close={close} chooseTheme={chooseTheme} />}
      </DialogSurface>
    </Dialog>
  );
}

function PaletteBody({ close, chooseTheme }: Omit<Props, 'isOpen'>) {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const asked = typed.trim();
  const navigate = useNavigate();
  const me = useMe();
  const list = useRef<HTMLUListElement>(null);
  const id = useId();
  const answer = useGet('/api/v1/search', { query: { q: asked, limit: 8 }, enabled: asked.length > 1 });
  const isAsking = asked.length > 1 && answer.isFetching;
  const entries = entriesOf(
    asked,
    asked.length > 1 && !answer.isPlaceholderData ? answer.data : undefined,
    me,
    chooseTheme,
  );

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  function choose(entry: Entry | undefined): void {
    if (!entry) return;
    close();
    if (entry.run) entry.run();
    else if (entry.to) void navigate({ href: entry.to });
  }

  function pressed(event: KeyboardEvent): void {
    const last = entries.length - 1;
    const moves: Record<string, number> = {
      ArrowDown: at >= last ? 0 : at + 1,
      ArrowUp: at <= 0 ? last : at - 1,
      Home: 0,
      End: last,
    };
    const next = moves[event.key];
    if (next !== undefined && (event.key.startsWith('Arrow') || event.ctrlKey)) setAt(Math.max(0, next));
    else if (event.key === 'Enter') choose(entries[at]);
    else return;
    event.preventDefault();
  }

  return (
    <div onKeyDown={pressed}>
      <div className="palette-input">
        <SearchRegular fontSize={20} aria-hidden="true" />
        <input
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={entries[at] ? `${id}-${at}` : undefined}
          aria-label={t('Address, prefix, MAC, host, server, page or query')}
          placeholder={t('10.20.0.17, 02:1b:63:…, app7, utilization > 80, or a page')}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          spellCheck={false}
        />
        {isAsking && <Spinner size="tiny" aria-label={t('Searching')} />}
      </div>
      <ul className="palette-list" role="listbox" id={id} aria-label={t('Results')} ref={list}>
        {entries.map((entry, index) => (
          <PaletteRow
            key={entry.key}
            entry={entry}
            id={`${id}-${index}`}
            isHere={index === at}
            before={entries[index - 1]}
            point={() => setAt(index)}
            choose={() => choose(entry)}
          />
        ))}
      </ul>
      {answer.error && asked.length > 1 && <p className="palette-note">{answer.error.message}</p>}
      {!isAsking && !answer.error && entries.length === 0 && (
        <p className="palette-note">{t('Nothing has this name or address.')}</p>
      )}
      <div className="palette-foot">
        {answer.data && asked.length > 1
          ? t('Understood as {meaning}', { meaning: capital(words(answer.data.understood_as)) })
          : t('Type to search, arrows to choose')}
        <span>
          <ArrowEnterLeftRegular aria-hidden="true" /> {t('opens')}
        </span>
      </div>
    </div>
  );
}

interface RowProps {
  entry: Entry;
  before: Entry | undefined;
  id: string;
  isHere: boolean;
  point: () => void;
  choose: () => void;
}

function PaletteRow({ entry, before, id, isHere, point, choose }: RowProps) {
  return (
    <>
      {entry.group !== before?.group && (
        <li className="palette-group" role="presentation">
          {entry.group}
        </li>
      )}
      <li
        id={id}
        role="option"
        aria-selected={isHere}
        className={isHere ? 'palette-row palette-here' : 'palette-row'}
        onMouseMove={point}
        onClick={choose}
      >
        <entry.icon fontSize={18} aria-hidden="true" />
        <span className="palette-name ellipsis">{entry.name}</span>
        <span className="palette-detail ellipsis">{entry.detail}</span>
      </li>
    </>
  );
}
